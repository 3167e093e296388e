// Charts from their specs; the only file that knows Chart.js. Pages: templates/components/figure.html.
//
// A spec is the JSON that `json_script` writes for a <canvas data-chart="id">:
//   kind            "bars": one bar a bucket, from zero
//   labels          short name of each bucket, for the axis: "24 Oct"
//   titles          full name of each bucket, for the tooltip: "Sat 24 Oct"
//   values          one decimal string (or integer) a bucket; null where it is not known
//   compare         the same for the earlier period, aligned by position; shorter is fine; null: none
//   compare_titles  full name of each earlier bucket: "Thu 24 Sep"; null where compare is
//   unit            {type: "money", symbol, grouping, decimals} (formats.money_style)
//                   | {type: "integer", grouping} | {type: "percent"} (values are fractions)
//   unfinished      index of the bucket that still grows, or null
//   bands           [{from, to, label}]: indexes of the first and last bucket of a marked stretch
//   hrefs           where a click on a bucket leads, one a bucket; null: nowhere
// Texts come from the strings, exactly; only the drawing uses floats.
