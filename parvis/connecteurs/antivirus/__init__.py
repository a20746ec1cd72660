"""L'antivirus : un serveur clamd (ClamAV) à soi, à qui l'on envoie un fichier avant de le garder.

Protocole : https://docs.clamav.net/manual/Usage/Scanning.html (clamd, commande INSTREAM). Le fichier
passe par une prise, morceau par morceau ; clamd n'a accès à aucun de nos dossiers.
"""

from parvis.connecteurs.antivirus.client import AntivirusIndisponible, est_regle, examiner
from parvis.connecteurs.antivirus.reponse import Verdict

__all__ = ["AntivirusIndisponible", "Verdict", "est_regle", "examiner"]
