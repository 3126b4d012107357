// In this order: values, elements, then components, of which none overrides another. admin.css comes with the pages that are
// made of tables and sections.
import "./tokens.css";
import "./base.css";
import "./controls.css";
import "./people.css";
import "./shell.css";
import "./text.css";
import "./messages.css";
import "./composer.css";
import "./panel.css";
import "./overlays.css";
import "./pages.css";
import "./states.css";
