"""What a finished world has to show, one check each; the main job and the tests ask the same."""
