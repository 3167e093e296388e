"""What pages show: the figures of reports as texts for the components of the templates."""
