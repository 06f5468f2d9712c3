"""Base page, components, template tags, design tokens and front-end sources shared by every screen."""
