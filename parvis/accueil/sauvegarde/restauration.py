"""Restaurer une sauvegarde dans une base et une réserve vides : tout, vérifié, ou rien."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from parvis.accueil.sauvegarde import lignes, tables
from parvis.accueil.sauvegarde.archive import ArchiveALire, ouvrir
from parvis.accueil.sauvegarde.fichiers import (
    fichiers_deja_la,
    fichiers_prets,
    qui_ne_s_ouvrent_pas,
)
from parvis.accueil.sauvegarde.manifeste import Manifeste, migrations_du_code
from parvis.courriels.enums import Etat
from parvis.courriels.models import Courriel
from parvis.journal.queries.verification import Tete, verifier
from parvis.socle import declencheurs
from parvis.socle.chiffre import empreintes_des_cles
from parvis.socle.refus import Refus, exiger

# Ce qu'on peut vouloir passer outre, en le nommant.
CLE, JOURNAL = "cle", "journal"
_MONTREES = 5


@dataclass(frozen=True)
class Restauration:
    """Ce qu'une restauration a remis, et ce qu'il faut en savoir."""

    manifeste: Manifeste
    fermes: list[str]
    ruptures: list[str]
    courriels_en_attente: int


def verifier_l_archive(fichier: Path) -> tuple[Manifeste, list[str]]:
    """Relit une sauvegarde sans toucher à rien ; rend son manifeste, et ce qui empêcherait de la restaurer.

    Lève Refus si elle n'est pas entière.
    """
    with ouvrir(fichier) as archive:
        archive.verifier()
        return archive.manifeste, [*_motifs_de_la_cle(archive), *_motifs_du_code(archive.manifeste)]


def restaurer(fichier: Path, malgre: Collection[str] = ()) -> Restauration:
    """Remet une sauvegarde dans une base et une réserve vides, et recompte tout ; lève Refus.

    `malgre` peut nommer CLE (la clé d'ici n'ouvre pas les fichiers) et JOURNAL (il était déjà rompu). Rien
    n'est écrit tant que tout n'est pas vérifié, et rien ne reste si quoi que ce soit échoue.
    """
    with ouvrir(fichier) as archive:
        exiger(_motifs_du_code(archive.manifeste))
        exiger([] if CLE in malgre else _motifs_de_la_cle(archive))
        exiger([*_motifs_de_la_base(), *_motifs_de_la_reserve()])
        archive.verifier()
        call_command("migrate", verbosity=0, interactive=False)
        with fichiers_prets(archive) as mettre_en_place, transaction.atomic(durable=True):
            _charger(archive)
            exiger(ecarts(archive.manifeste))
            ruptures = _ruptures(archive.manifeste)
            exiger([] if JOURNAL in malgre else _motifs_du_journal(ruptures))
            mettre_en_place()
        ContentType.objects.clear_cache()
        cache.clear()
        return Restauration(
            manifeste=archive.manifeste,
            fermes=qui_ne_s_ouvrent_pas(archive.manifeste.manquants),
            ruptures=ruptures,
            courriels_en_attente=Courriel.objects.filter(
                etat__in=[Etat.A_ENVOYER, Etat.EN_COURS]
            ).count(),
        )


def ecarts(manifeste: Manifeste) -> list[str]:
    """Rend les tables dont les lignes, relues dans la base, ne sont pas celles du manifeste."""
    differentes = []
    for nom, modele in tables.a_sauver().items():
        compte, attendue = lignes.Compte(), manifeste.tables[nom]
        for _ in compte.suivre(modele):
            pass
        if (compte.nombre, compte.empreinte) != (attendue.nombre, attendue.empreinte):
            differentes.append(
                f"La table {nom} ne se relit pas comme elle a été sauvée "
                f"({compte.nombre} lignes, {attendue.nombre} attendues)."
            )
    return differentes


def _motifs_du_code(manifeste: Manifeste) -> list[str]:
    """Rend pourquoi ce code ne peut pas lire ces tables : une sauvegarde se restaure par sa version."""
    d_ici, d_ailleurs = migrations_du_code(), set(manifeste.migrations)
    connues = {
        nom: tuple(champ.column for champ in lignes.colonnes(modele))
        for nom, modele in tables.a_sauver().items()
    }
    if d_ici == d_ailleurs and connues == {n: t.colonnes for n, t in manifeste.tables.items()}:
        return []
    ecart = sorted(d_ailleurs - d_ici) or sorted(d_ici - d_ailleurs) or ["les colonnes"]
    age = "plus récente" if d_ailleurs - d_ici else "plus ancienne"
    return [
        f"Cette sauvegarde vient d’une version {age} que ce code ({_abreger(ecart)}). Installez Parvis "
        f"{manifeste.origine}, restaurez-la, puis mettez à jour."
    ]


def _motifs_de_la_cle(archive: ArchiveALire) -> list[str]:
    """Rend pourquoi la clé secrète d'ici ne convient pas, ou n'a pas scellé cette archive."""
    absentes = [cle for cle in archive.manifeste.cles if cle not in empreintes_des_cles()]
    if absentes:
        return [
            f"La clé secrète d’ici n’est pas celle de cette sauvegarde (empreinte {_abreger(absentes)}) : "
            "ses fichiers ne s’ouvriraient pas, ni ses textes chiffrés. Donnez PARVIS_CLE_SECRETE, et "
            "PARVIS_CLES_SECRETES_D_AVANT si elle en avait ; ou copiez le fichier cle-secrete de son dossier "
            "PARVIS_VAR."
        ]
    if not archive.est_scellee():
        return [
            f"« {archive.nom} » a été changée depuis qu’elle a été écrite : son sceau n’est pas le bon. "
            "Prenez-en une autre copie."
        ]
    return []


def _motifs_de_la_base() -> list[str]:
    remplies = [
        f"{nom} ({nombre} ligne{'s' if nombre > 1 else ''})"
        for nom, nombre in tables.remplies().items()
    ]
    if not remplies:
        return []
    return [
        f"La base n’est pas vide : {_abreger(remplies)}. Restaurez dans une base neuve : donnez-en une autre "
        "par PARVIS_BASE ou PARVIS_VAR."
    ]


def _motifs_de_la_reserve() -> list[str]:
    if not (nombre := fichiers_deja_la()):
        return []
    return [
        f"Le dossier des fichiers déposés n’est pas vide ({nombre} fichier{'s' if nombre > 1 else ''}). "
        "Restaurez dans un dossier neuf : donnez-en un autre par PARVIS_VAR."
    ]


def _motifs_du_journal(ruptures: list[str]) -> list[str]:
    if not ruptures:
        return []
    return [
        f"Le journal de cette sauvegarde est rompu : {_abreger(ruptures)}. Il l’était déjà quand elle a été "
        "écrite. Prenez-en une autre, ou restaurez-la telle quelle : --malgre journal."
    ]


def _charger(archive: ArchiveALire) -> None:
    """Charge toutes les lignes, déclencheurs levés puis reposés ; lève Refus si la base en refuse une."""
    sauvees = archive.manifeste.tables
    declencheurs.lever()
    for modele in tables.remplies_par_migrate():
        modele._base_manager.all()._raw_delete(connection.alias)
    table = ""
    try:
        for table, modele in tables.a_sauver().items():
            lignes.charger(modele, archive.lignes(table))
            if (dernier := sauvees[table].suite) is not None:
                lignes.reprendre_la_suite(modele, dernier)
        table = ""
        connection.check_constraints()
    except (DatabaseError, ValueError, TypeError, ArithmeticError) as erreur:
        ou = f"de la table {table}" if table else "qui en nomme une autre"
        premiere = (str(erreur).strip().splitlines() or [""])[0]
        raise Refus([f"La base refuse une ligne {ou} : {premiere} Rien n’a été écrit."]) from erreur
    declencheurs.poser()
    if connection.vendor == "postgresql":
        # Sans statistiques, relire cent mille lignes qui viennent d'arriver se fait mal.
        with connection.cursor() as curseur:
            curseur.execute("ANALYZE")


def _ruptures(manifeste: Manifeste) -> list[str]:
    gardees = {contrat: Tete(**tete) for contrat, tete in manifeste.tetes.items()}
    trouve = verifier(gardees)
    ruptures = [f"{r.contrat}, événement n°{r.rang} : {r.motif}" for r in trouve.ruptures]
    return ruptures or ["les têtes ne sont pas celles du manifeste"] * (trouve.tetes != gardees)


def _abreger(noms: list[str]) -> str:
    reste = len(noms) - _MONTREES
    return ", ".join(noms[:_MONTREES]) + (f"… et {reste} de plus" if reste > 0 else "")
