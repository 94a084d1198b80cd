//! Charts, folded parts and links in Markdown, as forges show them.

use devportal::view::{Block, Chart, ChartShape, Piece, Rgb, Role, Series, Text, View};
use snapbox::{IntoData, assert_data_eq, str};

use super::sample::{NARROW, written_view};

fn series(name: &str, color: Option<&str>, values: &[Option<f64>]) -> Series {
    Series {
        name: name.to_owned(),
        color: color.and_then(Rgb::parse),
        values: values.to_vec(),
    }
}

fn chart(shape: ChartShape, labels: &[&str], series: Vec<Series>) -> Chart {
    Chart {
        title: "Levels of \"all\"".to_owned(),
        shape,
        unit: "components".to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        series,
    }
}

fn markdown(block: Block) -> String {
    let view = View {
        blocks: vec![block],
    };
    written_view("markdown", &view, &NARROW)
}

fn levels() -> Vec<Series> {
    vec![
        series("Bronze", Some("#cd7f32"), &[Some(0.0), Some(2.0), None]),
        series("Gold", Some("#ffd700"), &[Some(3.0), Some(4.0), Some(9.0)]),
    ]
}

/// Sums, the highest behind; and a bar of nothing ends before it begins, so that it is not drawn.
#[test]
fn stacked_bars_are_sums_behind_each_other() {
    let labels = ["2026-01-01", "2026-02-01", "2026-03-01"];
    let chart = chart(ChartShape::StackedBars, &labels, levels());
    assert_data_eq!(markdown(Block::Chart(chart)), str![[r##"
```mermaid
%%{init: {"xyChart": {"width": 860, "height": 360, "xAxis": {"labelFontSize": 12}, "yAxis": {"labelFontSize": 12}}, "themeVariables": {"xyChart": {"plotColorPalette": "#ffd700, #cd7f32"}}}}%%
xychart-beta
  title "Levels of #34;all#34;"
  x-axis ["2026-01", "2026-02"]
  y-axis "components" 0 --> 10
  bar [3, 6]
  bar [-1, 2]
```

🟫 Bronze 2, 🟨 Gold 9
(in this order, "Bronze" at the axis and "Gold" at the end).

Not known, and left out: 2026-03-01.

"##]].raw());
}

#[test]
fn bars_of_names_lie() {
    let labels = ["payments", "a `b` | \"c\"]", "customer-experience"];
    let chart = chart(ChartShape::StackedBars, &labels, levels());
    assert_data_eq!(markdown(Block::Chart(chart)), str![[r##"
```mermaid
%%{init: {"xyChart": {"width": 860, "height": 182, "xAxis": {"labelFontSize": 12}, "yAxis": {"labelFontSize": 12}}, "themeVariables": {"xyChart": {"plotColorPalette": "#ffd700, #cd7f32"}}}}%%
xychart-beta horizontal
  title "Levels of #34;all#34;"
  x-axis ["payments", "a #96;b#96; #124; #34;c#34;#93;"]
  y-axis "components" 0 --> 10
  bar [3, 6]
  bar [-1, 2]
```

🟫 Bronze 2, 🟨 Gold 9
(in this order, "Bronze" at the axis and "Gold" at the end).

Not known, and left out: customer-experience.

"##]].raw());
}

#[test]
fn lines_end_where_they_say() {
    let lines = vec![
        series("left", None, &[Some(10.0), Some(7.5), Some(5.0)]),
        series("never known", None, &[None, None, None]),
        series("pace", None, &[Some(10.0), Some(5.0), Some(0.0)]),
    ];
    let labels = ["2026-01-01", "2026-01-08", "2026-01-15"];
    let chart = chart(ChartShape::Lines, &labels, lines);
    assert_data_eq!(markdown(Block::Chart(chart)), str![[r##"
```mermaid
%%{init: {"xyChart": {"width": 860, "height": 360, "xAxis": {"labelFontSize": 12}, "yAxis": {"labelFontSize": 12}}, "themeVariables": {"xyChart": {"plotColorPalette": "#0072b2, #009e73"}}}}%%
xychart-beta
  title "Levels of #34;all#34;"
  x-axis ["2026-01-01", "2026-01-08", "2026-01-15"]
  y-axis "components" 0 --> 10
  line [10, 7.5, 5]
  line [10, 5, 0]
```

🟦 left 5, 🟩 pace 0

"##]].raw());
}

/// What is left ends today, and the way to the deadline goes on.
#[test]
fn a_line_may_end_before_the_others() {
    let lines = vec![
        series("left", None, &[Some(3.0), Some(2.0), None]),
        series("planned", None, &[Some(3.0), Some(1.5), Some(0.0)]),
    ];
    let labels = ["2026-01-01", "2026-01-08", "2026-01-15"];
    let markdown = markdown(Block::Chart(chart(ChartShape::Lines, &labels, lines)));
    assert!(
        markdown.contains("  line [3, 2]\n  line [3, 1.5, 0]\n"),
        "{markdown}"
    );
    assert!(!markdown.contains("left out"), "{markdown}");
}

#[test]
fn labels_have_room_and_the_last_is_there() {
    let days: Vec<String> = (1..=52).map(|week| format!("2026-01-{week:02}")).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let values: Vec<Option<f64>> = (0..52).map(|week| Some(f64::from(week))).collect();
    let chart = chart(
        ChartShape::Lines,
        &days,
        vec![series("left", None, &values)],
    );
    let markdown = markdown(Block::Chart(chart));
    let labels = markdown.lines().find(|line| line.contains("x-axis"));
    let labels: Vec<&str> = labels.unwrap().split(", ").collect();
    assert!(labels.len() <= 11, "{labels:?}");
    assert!(labels.last().unwrap().contains("2026-01-52"), "{labels:?}");
    assert!(markdown.contains("51]"), "{markdown}");
}

/// `maxTextSize` of Mermaid is 50,000 characters.
#[test]
fn e08_a_chart_for_a_forge_stays_within_its_limits() {
    let names: Vec<String> = (0..5_000)
        .map(|it| format!("{it}{}", "\"".repeat(500)))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let all = vec![series("s", None, &vec![Some(1.0); 5_000]); 8];
    let mut chart = chart(ChartShape::StackedBars, &names, all);
    chart.title = "\"".repeat(100_000);
    let markdown = markdown(Block::Chart(chart));
    let drawn = markdown.split("```").nth(1).unwrap();
    assert!(drawn.len() < 50_000, "{}", drawn.len());
    assert!(markdown.contains("The first 40 of 5000 are shown."));
}

#[test]
fn a_chart_without_numbers_says_so() {
    let nothing = vec![series("left", None, &[None])];
    let chart = chart(ChartShape::Lines, &["2026-01-01"], nothing);
    let shown = markdown(Block::Chart(chart));
    assert_eq!(shown, "No numbers are known for \"Levels of \"all\"\".\n");
}

#[test]
fn a_folded_part_opens_in_a_forge() {
    let folded = Block::Folded {
        summary: "3 </summary><b> `more` & \"that\"".into(),
        blocks: vec![
            Block::Heading("inside".into()),
            Block::List(vec!["one".into()]),
        ],
    };
    assert_data_eq!(
        markdown(folded),
        str![[r#"
<details><summary>3 &lt;/summary&gt;&lt;b&gt; `more` &amp; &quot;that&quot;</summary>

## inside

- one

</details>

"#]]
        .raw()
    );
}

/// E05: a link leads where it says, and nothing in it ends it.
#[test]
fn e05_links_lead_to_pages_only() {
    let link = |target: &str| {
        let piece = Piece {
            text: "a](b) `c`".to_owned(),
            role: Role::Plain,
            target: Some(target.to_owned()),
        };
        let text = Text {
            pieces: vec![piece],
        };
        markdown(Block::List(vec![text]))
    };
    let dead = "- a\\](b) \\`c\\`\n";
    for target in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example/x",
        "/etc/passwd",
        "a](http://evil.example)",
        "a b\"c",
        "https://a.example\\@evil.example",
        "",
    ] {
        assert_eq!(link(target), dead, "{target}");
    }
    assert_eq!(
        link("../component/default/a.md#level"),
        "- [a\\](b) \\`c\\`](../component/default/a.md#level)\n"
    );
    assert_eq!(
        link("https://me:secret@a.example/x(1)?q=\"'|<>"),
        "- [a\\](b) \\`c\\`](https://a.example/x%281%29?q=%22%27%7C%3C%3E)\n"
    );
}
