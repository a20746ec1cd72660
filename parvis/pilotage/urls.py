"""Les adresses de qui tient la plateforme, puis celles du pilote de chaque contrat."""

from django.urls import include, path

from parvis.pilotage.views import (
    cadre,
    contrat,
    contrats,
    courriels,
    demandes,
    dispositifs,
    mots,
    organismes,
    partenaires,
    plan,
    plateforme,
    relecture,
    retouches,
    roles,
    utilisateurs,
)

app_name = "pilotage"

_plateforme = [
    path("", plateforme.accueil, name="plateforme"),
    path("contrats/", contrats.liste, name="contrats"),
    path("journal/", plateforme.journal, name="journal"),
    path("organismes/", organismes.liste, name="organismes"),
    path("organismes/tableau.<str:extension>", organismes.tableau, name="organismes_tableau"),
    path("doublons/", organismes.doublons, name="doublons"),
    path("doublons/<int:premier>/<int:second>/", organismes.comparer, name="comparer"),
    path(
        "doublons/<int:premier>/<int:second>/ecarter/",
        organismes.ecarter_la_paire,
        name="ecarter",
    ),
    path("doublons/reunis/", organismes.reunis, name="reunis"),
    path("doublons/reunis/<int:pk>/separer/", organismes.defaire, name="separer"),
    path("utilisateurs/", utilisateurs.liste, name="utilisateurs"),
    path("utilisateurs/inviter/", utilisateurs.ou_inviter, name="plateforme_ou_inviter"),
    path("utilisateurs/inviter/<int:organisme>/", utilisateurs.inviter, name="plateforme_inviter"),
    path("utilisateurs/<int:pk>/", utilisateurs.personne, name="personne"),
    path("utilisateurs/<int:pk>/fermer/", utilisateurs.fermer, name="fermer"),
    path("utilisateurs/<int:pk>/rouvrir/", utilisateurs.rouvrir, name="rouvrir"),
    path(
        "utilisateurs/<int:utilisateur>/roles/<int:pk>/fin/",
        utilisateurs.finir_un_role,
        name="finir_un_role",
    ),
    path("courriels/", courriels.liste, name="courriels"),
    path("courriels/relancer/", courriels.relancer, name="relancer"),
]

_contrat = [
    path("", contrat.accueil, name="contrat"),
    path("mots/", mots.liste, name="mots"),
    path("mots/<int:pk>/retirer/", mots.retirer, name="retirer_un_mot"),
    path("cadre/", cadre.accueil, name="cadre"),
    path("cadre/modele.<str:extension>", cadre.modele, name="modele"),
    path("cadre/deposer/", cadre.deposer, name="deposer"),
    path("cadre/editions/<slug:code>/", cadre.une_edition, name="edition"),
    path("cadre/editions/<slug:code>/document.<slug:extension>", cadre.document, name="document"),
    path("cadre/editions/<slug:code>/publier/", cadre.publier, name="publier"),
    path("cadre/editions/<slug:code>/avenant/", retouches.avenant, name="avenant"),
    path("cadre/editions/<slug:code>/jeter/", retouches.jeter, name="jeter"),
    path("cadre/editions/<slug:code>/plan/", plan.plan, name="plan"),
    path("cadre/editions/<slug:code>/plan/<str:cle>/", plan.objet, name="objet"),
    path("cadre/editions/<slug:code>/plan/<str:cle>/retirer/", plan.retirer, name="retirer"),
    path("cadre/editions/<slug:code>/plan/<str:cle>/deplacer/", plan.deplacer, name="deplacer"),
    path(
        "cadre/editions/<slug:code>/plan/<str:cle>/renumeroter/",
        plan.renumeroter,
        name="renumeroter",
    ),
    path("cadre/editions/<slug:code>/plan/<str:cle>/decliner/", plan.decliner, name="decliner"),
    path(
        "cadre/editions/<slug:code>/plan/<str:cle>/<slug:nom>/", retouches.section, name="section"
    ),
    path(
        "cadre/editions/<slug:code>/plan/<str:cle>/<slug:nom>/versions/<int:numero>/",
        retouches.reprendre,
        name="reprendre",
    ),
    path("cadre/lectures/<int:pk>/", cadre.lecture, name="lecture"),
    path("cadre/lectures/<int:pk>/renoncer/", cadre.renoncer, name="renoncer"),
    path("cadre/lectures/<int:pk>/ecrire/", cadre.ecrire, name="ecrire"),
    path("cadre/lectures/<int:pk>/questions/", relecture.questions, name="questions"),
    path("cadre/lectures/<int:pk>/repondre/", relecture.repondre, name="repondre"),
    path("cadre/lectures/<int:pk>/rouvrir/", relecture.rouvrir, name="rouvrir_une_question"),
    path("cadre/lectures/<int:pk>/en-regard/<str:numero>/", relecture.en_regard, name="en_regard"),
    path("partenaires/", partenaires.liste, name="partenaires"),
    path("partenaires/tableau.<str:extension>", partenaires.tableau, name="partenaires_tableau"),
    path("partenaires/<int:pk>/", partenaires.partenaire, name="partenaire"),
    path("partenaires/<int:pk>/accepter/", partenaires.accepter, name="accepter"),
    path("partenaires/<int:pk>/choisir/", partenaires.choisir, name="choisir"),
    path(
        "partenaires/<int:partenaire>/organismes/<int:pk>/finir/", partenaires.finir, name="finir"
    ),
    path(
        "partenaires/<int:partenaire>/organismes/<int:pk>/effacer/",
        partenaires.effacer,
        name="effacer",
    ),
    path("partenaires/<int:pk>/modifier/", partenaires.modifier, name="modifier_partenaire"),
    path("dispositifs/", dispositifs.liste, name="dispositifs"),
    path("dispositifs/tableau.<str:extension>", dispositifs.tableau, name="dispositifs_tableau"),
    path("dispositifs/<int:pk>/", dispositifs.dispositif, name="dispositif"),
    path("dispositifs/<int:pk>/verifier/", dispositifs.verifier, name="verifier"),
    path("demandes/", demandes.liste, name="demandes"),
    path("demandes/<int:pk>/confirmer/", demandes.confirmer, name="confirmer"),
    path("demandes/<int:pk>/refuser/", demandes.refuser, name="refuser"),
    path("roles/", roles.liste, name="roles"),
    path("roles/<int:pk>/fin/", roles.finir, name="finir_un_role_du_contrat"),
    path("roles/invitations/", roles.invitations, name="invitations"),
    path("roles/invitations/<int:pk>/annuler/", roles.annuler, name="annuler"),
    path("roles/inviter/", roles.ou_inviter, name="ou_inviter"),
    path("roles/inviter/<int:organisme>/", roles.inviter, name="inviter"),
]

urlpatterns = [
    path("pilotage/", include(_plateforme)),
    path("<slug:contrat>/pilotage/", include(_contrat)),
]
