"""Les personnes qui ont un compte : leurs rôles, leurs dates, leur dernière connexion."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import EtatDeRattachement, Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.pilotage.permissions import peut_administrer
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.pages import Page, page
from parvis.socle.texte import cle_de_tri


def utilisateurs(acteur: Acteur, question: str = "") -> QuerySet[Utilisateur]:
    """Rend les personnes dont le nom ou l'adresse répond, accents et casse mis à part ; ou toutes."""
    if not peut_administrer(acteur):
        return Utilisateur.objects.none()
    lignes = Utilisateur.objects.all()
    if mots := cle_de_tri(question).split():
        lignes = lignes.filter(pk__in=_qui_repondent(mots))
    rattachements = Rattachement.objects.select_related("organisme").order_by("debut_le", "pk")
    return lignes.prefetch_related(Prefetch("rattachements", queryset=rattachements))


def page_des_utilisateurs(
    acteur: Acteur, demandes: Mapping[str, str], *, jour: date
) -> tuple[Page[Utilisateur], list[Facette]]:
    """Rend une page des personnes choisies, par nom, et les choix avec leurs comptes."""
    en_cours = Rattachement.objects.en_cours(jour).filter(utilisateur=OuterRef("pk"))
    criteres = [
        Critere(
            "etat",
            "Compte",
            {"ouvert": ("Ouvert", Q(is_active=True)), "ferme": ("Fermé", Q(is_active=False))},
        ),
        Critere(
            "role",
            "Rôle en cours",
            {
                **{r.value: (r.label, Q(Exists(en_cours.filter(role=r)))) for r in Role},
                "aucun": ("Aucun rôle", ~Q(Exists(en_cours))),
            },
        ),
    ]
    lignes = utilisateurs(acteur, demandes.get("q", ""))
    choisis, facettes = filtrer(lignes, criteres, demandes)
    return (
        page(
            choisis,
            ("nom", "prenom", "pk"),
            apres=demandes.get("apres", ""),
            avant=demandes.get("avant", ""),
        ),
        facettes,
    )


def utilisateur(acteur: Acteur, pk: int) -> Utilisateur:
    """Rend une personne et ses rattachements ; lève Utilisateur.DoesNotExist."""
    return utilisateurs(acteur).get(pk=pk)


def rattachement_a_finir(acteur: Acteur, utilisateur: int, pk: int) -> Rattachement:
    """Rend un rattachement ouvert d'une autre personne ; lève Rattachement.DoesNotExist sinon.

    Les siens se quittent depuis son espace.
    """
    if not peut_administrer(acteur):
        raise Rattachement.DoesNotExist
    ouverts = Rattachement.objects.filter(
        utilisateur=utilisateur,
        etat__in=[EtatDeRattachement.EN_ATTENTE, EtatDeRattachement.CONFIRME],
    ).exclude(utilisateur=acteur.utilisateur)
    return ouverts.select_related("utilisateur", "organisme").get(pk=pk)


def _qui_repondent(mots: list[str]) -> list[int]:
    """Rend ceux dont le nom et l'adresse portent tous ces mots ; en Python, comme sur tous les moteurs."""
    lignes = Utilisateur.objects.values_list("pk", "prenom", "nom", "courriel")
    return [pk for pk, *noms in lignes if all(mot in cle_de_tri(" ".join(noms)) for mot in mots)]
