"""Tous les actes sur les appels et les dossiers, et sur l'argent qu'ils demandent."""

from tests.journal.actes_des_appels import DES_APPELS
from tests.journal.actes_des_brouillons import DES_BROUILLONS
from tests.journal.actes_des_enveloppes import DES_ENVELOPPES
from tests.journal.actes_des_suites import DES_SUITES
from tests.journal.actes_du_depot import DU_DEPOT

DES_DOSSIERS = {**DES_APPELS, **DES_BROUILLONS, **DU_DEPOT, **DES_SUITES, **DES_ENVELOPPES}
