"""Un lecteur par format : chacun rend un pivot, que le lecteur des contrats lit."""
