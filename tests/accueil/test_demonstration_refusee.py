"""Ce que la démonstration refuse, sur une base où rien n'est joué : dans un fichier à lui.

La démonstration jouée reste posée tant que ses tests se suivent.
"""

import pytest

from parvis.accueil.demonstration import charger_les_episodes
from parvis.comptes.models import Utilisateur
from parvis.journal.models import Evenement
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from tests.accueil.test_demonstration import EPISODES, preparer
from tests.fabriques import comptes


def test_rien_ne_se_charge_hors_demonstration(db, settings, tmp_path):
    settings.DEMONSTRATION = False
    settings.DOSSIER_VAR, settings.STATIC_ROOT = tmp_path, tmp_path / "statiques"
    assert preparer() == ("", "")
    assert not Utilisateur.objects.exists()
    assert not Organisme.objects.exists()
    with pytest.raises(Refus, match="que dans ce mode"):
        charger_les_episodes(EPISODES.glob("*.yaml"))


def test_une_base_qui_a_deja_des_comptes_reste_intacte(db, settings):
    settings.DEMONSTRATION = True
    comptes.personne("Amina")
    with pytest.raises(Refus, match="base neuve"):
        charger_les_episodes(EPISODES.glob("*.yaml"))
    assert Utilisateur.objects.count() == 1


@pytest.mark.parametrize(
    ("recit", "motif"),
    [
        ("- {acte: danser}", "ne se joue pas : KeyError"),
        ("- {acte: nommer, qui: Ana Sol}", "ne se joue pas : TypeError"),
        ("- {acte: nommer, qui: Nul Part, pour: X, role: lecteur}", r"acte 1 \(nommer\) : "),
        (
            "- {acte: creer, par: Ana Sol, nom: '', nature: association, communes: []}",
            r"b.yaml : acte 1 \(creer\) : Nom",
        ),
        ("- [", "ne se joue pas"),
    ],
)
def test_un_episode_fautif_n_ecrit_rien_et_se_nomme(db, settings, tmp_path, recit, motif):
    settings.DEMONSTRATION = True
    (tmp_path / "a.yaml").write_text("personnes: [[Ana, Sol]]\n")
    (tmp_path / "b.yaml").write_text(f"contrat: x\nrecit:\n  {recit}\n")
    with pytest.raises(Refus, match=motif):
        charger_les_episodes(tmp_path.glob("*.yaml"))
    assert not Utilisateur.objects.exists()
    assert not Evenement.objects.exists()


def test_le_site_demarre_quand_meme(db, settings, tmp_path):
    settings.DEMONSTRATION = True
    settings.DOSSIER_DONNEES = settings.DOSSIER_VAR = tmp_path
    settings.STATIC_ROOT = tmp_path / "statiques"
    (tmp_path / "demonstration").mkdir()
    (tmp_path / "demonstration" / "a.yaml").write_text("recit: [{acte: danser}]")
    _, erreurs = preparer()
    assert erreurs.startswith("La démonstration reste incomplète : a.yaml")
