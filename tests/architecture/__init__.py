"""Les garde-fous : chaque règle est une fonction, éprouvée sur la maison puis sur une faute plantée."""
