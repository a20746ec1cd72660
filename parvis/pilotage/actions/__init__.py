"""Ce que le pilotage écrit : ce qui touche à la fois plusieurs pièces plus basses."""
