// load_en.ts: the English table as a script of its own.
import { arrive } from "../language_choice.ts";
import { en } from "./en.ts";

arrive("en", en);
