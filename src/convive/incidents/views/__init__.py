"""Pages of the incidents room, one module a task."""
