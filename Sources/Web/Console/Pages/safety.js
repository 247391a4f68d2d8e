// The bar of the page of safety, which the server writes: the ways to the other pages, and who is here.

import { byID } from '/app/dom.js';
import { showNav } from '/app/nav.js';
import { showWho } from '/app/session.js';

showNav(byID('nav'));
showWho(byID('who'));
