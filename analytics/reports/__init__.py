"""Reports: one public function for each question, used by pages and the REST API alike."""
