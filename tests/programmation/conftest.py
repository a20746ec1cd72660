"""Ce que partagent les essais des enveloppes."""

from tests.decors import decor
from tests.fabriques import enveloppes


@decor
def bourse():
    """Rend un appel, ses deux financeurs, qui tient leurs enveloppes, et un dossier."""
    return enveloppes.bourse()
