"""Un vrai serveur d'envoi sur la boucle locale, qui retient ce qu'il accepte."""

import re
import socket
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller


class Recus:
    """Ce que le serveur a accepté ; `refus` répond à une adresse, `refus_du_texte` à tout message."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refus: dict[str, str] = {}
        self.refus_du_texte = ""

    async def handle_RCPT(self, serveur, session, enveloppe, adresse, options):
        if adresse in self.refus:
            return self.refus[adresse]
        enveloppe.rcpt_tos.append(adresse)
        return "250 OK"

    async def handle_DATA(self, serveur, session, enveloppe):
        if self.refus_du_texte:
            return self.refus_du_texte
        recu = enveloppe.content.replace(b"\r\n", b"\n")
        self.messages.append(message_from_bytes(recu, policy=policy.default))
        return "250 OK"

    def identifiants(self) -> list[str]:
        """Rend les identifiants acceptés, dans l'ordre, répétitions comprises."""
        return [re.match("<(.+)@", m["Message-ID"]).group(1) for m in self.messages]


def port_libre() -> int:
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        return libre.getsockname()[1]


@contextmanager
def serveur():
    """Rend ce que le serveur reçoit, et le port où le joindre."""
    recus = Recus()
    controleur = Controller(recus, hostname="127.0.0.1", port=port_libre())
    controleur.start()
    try:
        yield recus, controleur.port
    finally:
        controleur.stop()
