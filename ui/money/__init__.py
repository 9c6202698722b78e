"""Parts of the screen that follows the money."""
