"""Chrome: the text of the page that is not of the article."""
