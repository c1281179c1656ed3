"""What the clouds and the state contain before anything is declared: mostly what runs left."""
