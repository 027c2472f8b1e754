"""Known answers: closed forms that the code must give, with other numbers than the registry's, too."""
