// load_es.ts: the Spanish table as a script of its own.
import { arrive } from "../language_choice.ts";
import { es } from "./es.ts";

arrive("es", es);
