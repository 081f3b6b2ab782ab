"""What somebody who means harm sends, and what a careless hand types. `make prove` does all of it."""
