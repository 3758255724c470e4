"""How the parts of the view with textual are laid out and coloured."""

from __future__ import annotations

STYLE = """
#head, #health { padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
#head { height: 1; }
#health { height: auto; max-height: 7; }
#body { height: 1fr; }
#left, #right { width: 1fr; }
.part {
  border: round $primary 60%; border-title-color: $accent; border-subtitle-color: $foreground 50%;
  padding: 0 1; height: auto;
  text-wrap: nowrap; text-overflow: ellipsis;
}
#generations { height: 1fr; min-height: 8; }
#workers, #failures {
  border: round $primary 60%; border-title-color: $accent; border-subtitle-color: $foreground 50%;
  padding: 0 1; height: 1fr;
  background: $background; background-tint: $background 0%; scrollbar-size-vertical: 1;
  overflow-x: hidden; text-wrap: nowrap; text-overflow: ellipsis;
}
#workers:focus, #failures:focus { border: round $accent; background-tint: $background 0%; }
#body.narrow { layout: vertical; overflow-y: auto; }
.narrow #left, .narrow #right { width: 100%; height: auto; }
.narrow #generations { height: 12; }
.narrow #workers, .narrow #failures { height: auto; min-height: 3; max-height: 12; }
#filter { display: none; height: 3; }
#filter.open { display: block; }
Overlay { align: center middle; }
#overlay {
  width: 90%; height: auto; max-height: 85%; border: round $accent; padding: 0 1;
  background: $surface;
}
"""
