"""Un disque plein : le dépôt et la composition se refusent proprement, sans fichier à moitié écrit."""

import os
import subprocess

import pytest
from django.utils import timezone

from parvis.conventions.actions.composition import composer_un_acte, demander_la_composition
from parvis.conventions.models import Acte
from parvis.documents import reserve
from parvis.documents.actions import ranger
from parvis.documents.models import Fichier
from parvis.documents.queries import contenu
from parvis.socle.refus import Refus
from parvis.travaux import execution
from parvis.travaux.models import Travail
from tests.fabriques import actes, fichiers

pytestmark = pytest.mark.django_db
VINGT_MO = 20 * 1024 * 1024


@pytest.fixture
def vingt_mo(tmp_path, settings):
    """Range les fichiers sur un disque de vingt mégaoctets, en mémoire ; il faut être root."""
    ici = tmp_path / "disque"
    ici.mkdir()
    monter = ["mount", "-t", "tmpfs", "-o", f"size={VINGT_MO}", "tmpfs", str(ici)]
    if os.geteuid() or subprocess.run(monter, capture_output=True, check=False).returncode:
        pytest.skip("Monter un petit disque demande d'être root.")
    settings.MEDIA_ROOT = ici
    try:
        yield ici
    finally:
        subprocess.run(["umount", str(ici)], check=True)


def remplir(ici, sauf: int = 0) -> None:
    """Remplit le disque, à tant d'octets près."""
    libres = os.statvfs(ici).f_bavail * os.statvfs(ici).f_frsize - sauf
    (ici / "lest").write_bytes(b"\0" * max(0, libres))


def rangees(ici) -> list[str]:
    """Rend les clés des fichiers qui sont vraiment sur le disque."""
    dossier = ici / reserve.DOSSIER
    return sorted(str(f.relative_to(ici)) for f in dossier.rglob("*") if f.is_file())


def test_un_depot_se_refuse_sans_laisser_de_moitie(vingt_mo):
    acteur = actes.site().samia
    gros = os.urandom(3 * 1024 * 1024)
    gardes, avant = 0, rangees(vingt_mo)
    with pytest.raises(Refus) as refus:
        for _ in range(20):
            ranger(par=acteur, controle=fichiers.controle("gros.pdf", gros))
            gardes += 1
    assert refus.value.motifs == [reserve.PLUS_DE_PLACE]
    assert 0 < gardes < 7
    lignes = Fichier.objects.filter(nom="gros.pdf")
    assert sorted([*avant, *(f.cle for f in lignes)]) == rangees(vingt_mo)
    assert {contenu(f) for f in lignes} == {gros}


def test_un_acte_ne_se_compose_pas_a_moitie_puis_se_reprend(vingt_mo):
    site = actes.site()
    acte = site.prepare(site.vote.publiee("1500"))
    avant = rangees(vingt_mo)
    remplir(vingt_mo, sauf=8192)
    with pytest.raises(Refus):
        composer_un_acte(par=site.samia, acte=acte, date=timezone.now())
    travail = demander_la_composition(par=site.samia, contrat=site.contrat)
    execution.mener(str(travail.identifiant))
    travail = Travail.objects.get(pk=travail.pk)
    acte.refresh_from_db()
    assert (travail.etat, acte.etat, acte.fichier) == ("echoue", "prepare", None)
    assert "la place manque" in travail.erreur
    assert rangees(vingt_mo) == avant

    (vingt_mo / "lest").unlink()
    travail = demander_la_composition(par=site.samia, contrat=site.contrat)
    execution.mener(str(travail.identifiant))
    acte = Acte.objects.select_related("fichier").get(pk=acte.pk)
    assert acte.etat == "a_signer"
    assert contenu(acte.fichier).startswith(b"%PDF")
