// What every page of a shop runs. Charts come on top where there are any: charts.js.

import './theme.js';
import './keys.js';
