"""Envoie ce qui est dû. L'envoi se fait hors de toute transaction, entre deux courtes."""

import logging
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.conf import settings

from parvis.courriels import actions, rules
from parvis.courriels.composition import message
from parvis.courriels.models import Courriel

logger = logging.getLogger(__name__)


def envoyer_les_dus(*, executant: str, limite: int = 20) -> int:
    """Envoie au plus `limite` courriels dus ; rend le nombre de ceux qui sont partis.

    Sans serveur réglé, hors démonstration, rien ne part et rien n'est perdu. Un serveur qui ne
    répond pas arrête le tour : les autres courriels n'usent pas leurs essais.
    """
    partis = 0
    while settings.COURRIELS_PARTENT and limite > 0:
        limite -= 1
        courriel = actions.prendre(executant=executant)
        if courriel is None:
            break
        try:
            message(courriel).send()
        except (SMTPRecipientsRefused, SMTPDataError) as refus:
            code, reponse = _reponse(refus)
            _echec(courriel, executant, f"Le serveur refuse : {code} {reponse}", code)
        except OSError as panne:
            _echec(courriel, executant, f"Le serveur d’envoi ne prend rien : {panne}")
            break
        except Exception as faute:
            logger.exception("courriel illisible", extra={"courriel": str(courriel.identifiant)})
            _echec(courriel, executant, f"Le courriel ne se compose pas : {faute}")
        else:
            partis += 1
            _suivre(actions.noter_l_envoi(courriel=courriel, executant=executant), courriel)
    return partis


def _reponse(refus: SMTPRecipientsRefused | SMTPDataError) -> tuple[int, str]:
    if isinstance(refus, SMTPDataError):
        code, texte = refus.smtp_code, refus.smtp_error
    else:
        code, texte = next(iter(refus.recipients.values()))
    return code, texte.decode(errors="replace") if isinstance(texte, bytes) else texte


def _echec(courriel: Courriel, executant: str, erreur: str, code: int = 0) -> None:
    note = actions.noter_l_echec(
        courriel=courriel,
        executant=executant,
        erreur=rules.nettoyer_texte(erreur)[:500],
        est_definitif=rules.est_definitif(code),
    )
    _suivre(note, courriel)


def _suivre(est_note: bool, courriel: Courriel) -> None:
    if not est_note:
        logger.warning(
            "bail perdu : ce courriel partira peut-être deux fois",
            extra={"courriel": str(courriel.identifiant)},
        )
