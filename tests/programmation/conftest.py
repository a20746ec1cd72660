"""Ce que partagent les essais des enveloppes."""

import pytest

from tests.fabriques import enveloppes


@pytest.fixture
def bourse(db):
    """Rend un appel, ses deux financeurs, qui tient leurs enveloppes, et un dossier."""
    return enveloppes.bourse()
