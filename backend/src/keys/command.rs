//! What `momfood keys …` does: says which keys there are, makes new ones, takes old ones out. Works while servers run.
//! Never prints a secret.
