# Parvis : les deux commandes (`make run`, `make test`) et celles des contributeurs.
# Il faut Python 3.11 ou plus récent et make, rien d'autre ; tout s'installe dans .venv/.

PYTHON ?= python3
PORT ?= 8000
ENV := .venv
UV_VERSION := 0.13.9
# uv prend l'interpréteur de .venv et n'en télécharge jamais un autre.
export UV_PYTHON := $(ENV)/bin/python
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(ENV)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
UV := $(ENV)/bin/uv --quiet
FEUILLES_TYPEES = $$(find parvis -path '*/migrations' -prune -o -name '*.py' -print \
	| grep -E '/(rules|permissions|queries|actions)(\.py$$|/)')

.DEFAULT_GOAL := aide
.PHONY: aide run test lint charge environnement

aide:
	@echo "make run     installe et sert le site sur http://127.0.0.1:$(PORT)/ (autre port : make run PORT=8001)"
	@echo "make test    installe et lance les tests sur SQLite"
	@echo "make lint    vérifie la forme, les types, l'ordre des pièces et les migrations"
	@echo "make charge  lance les bancs d'essai et met à jour docs/performance.md"

run: $(ENV)/.exploitation
	@PARVIS_DEMONSTRATION=$${PARVIS_DEMONSTRATION:-oui} $(ENV)/bin/parvis servir --port $(PORT)

test: $(ENV)/.developpement
	@$(ENV)/bin/pytest -n 2 --dist worksteal $(PYTEST_OPTIONS)

lint: $(ENV)/.developpement
	$(ENV)/bin/ruff format --check .
	$(ENV)/bin/ruff check .
	$(ENV)/bin/djlint --check templates parvis
	$(ENV)/bin/djlint --lint templates parvis
	$(ENV)/bin/mypy $(FEUILLES_TYPEES)
	$(ENV)/bin/lint-imports --no-logo
	PARVIS_DEMONSTRATION=oui $(ENV)/bin/parvis makemigrations --check --dry-run

charge: $(ENV)/.developpement
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/parvis preparer
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/parvis mesurer_pages
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.lecture
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.formats
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.recherche
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.orientation
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.organismes
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.territoires
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.journal
	@$(ENV)/bin/python -m tests.charge.soiree --duree 600 --ecrire
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.dossiers_imprimes
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.programmation
	@PARVIS_DEMONSTRATION=oui $(ENV)/bin/python -m tests.charge.couverture
	@$(ENV)/bin/python -m tests.charge.dossiers_de_seance
	@$(ENV)/bin/python -m tests.charge.actes
	@$(ENV)/bin/python -m tests.charge.scdl --ecrire
	@$(ENV)/bin/python -m tests.charge.sauvegarde

# Les dépendances verrouillées. Chaque témoin est plus récent que uv.lock : rien n'est refait sinon.
$(ENV)/.exploitation: uv.lock pyproject.toml | environnement
	@echo "Installation des dépendances verrouillées…"
	@$(UV) sync --frozen --no-dev --inexact
	@touch $@

$(ENV)/.developpement: uv.lock pyproject.toml | environnement
	@echo "Installation des dépendances verrouillées et des outils de test…"
	@$(UV) sync --frozen
	@touch $@ $(ENV)/.exploitation

# L'environnement virtuel, refait si le dossier du projet a été déplacé.
environnement:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Parvis demande Python 3.11 ou plus récent ; $(PYTHON) est : $$($(PYTHON) --version 2>&1)."; \
		echo "Indiquez-en un autre : make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@if [ -f $(ENV)/.lieu ] && [ "$$(cat $(ENV)/.lieu)" != "$(CURDIR)" ]; then rm -rf $(ENV); fi
	@$(ENV)/bin/python -c '' 2>/dev/null || { \
		$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
			echo "Il manque le module venv de Python. Sur Debian ou Ubuntu :"; \
			echo "apt-get install -y python3-venv"; exit 1; }; \
		echo "Création de l'environnement virtuel $(ENV)/…"; \
		rm -rf $(ENV); $(PYTHON) -m venv $(ENV); }
	@[ "$$($(ENV)/bin/uv --version 2>/dev/null | cut -d' ' -f2)" = "$(UV_VERSION)" ] \
		|| $(ENV)/bin/python -m pip install --quiet uv==$(UV_VERSION)
	@echo "$(CURDIR)" > $(ENV)/.lieu
