"""Orders or a model come in; a report, a served page and the command line go out."""
