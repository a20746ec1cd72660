"""Les actes qui décident de l'argent et le versent, réunis."""

from tests.journal.actes_des_decisions import DES_DECISIONS
from tests.journal.actes_des_postes import DES_POSTES
from tests.journal.actes_des_scenarios import DES_SCENARIOS
from tests.journal.actes_des_seances import DES_SEANCES
from tests.journal.actes_des_versements import DES_VERSEMENTS

DE_L_ARGENT = DES_DECISIONS | DES_SEANCES | DES_SCENARIOS | DES_POSTES | DES_VERSEMENTS
