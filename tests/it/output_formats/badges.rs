//! Badges, with texts that would break out of them.

use devportal::output::{BADGE_FORMATS, is_hidden};
use devportal::view::{Badge, Rgb};

fn written(format: &str, label: &str, message: &str, color: &str) -> String {
    let badge = Badge {
        label: label.to_owned(),
        message: message.to_owned(),
        color: Rgb::parse(color).unwrap(),
    };
    let format = BADGE_FORMATS.iter().find(|known| known.name == format);
    let mut bytes = Vec::new();
    (format.unwrap().write)(&badge, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn width(svg: &str) -> f64 {
    let document = roxmltree::Document::parse(svg).unwrap();
    let width = document.root_element().attribute("width");
    width.unwrap().parse().unwrap()
}

#[test]
fn e06_a_badge_is_xml_without_scripts_and_links() {
    for text in [
        "\"/><script>alert(1)</script>",
        "</text></svg><a href=\"javascript:x\">",
        "\u{1b}[2J\u{202e}evil\u{0}",
        "&lt;&#0;&amp;]]>",
        "",
    ] {
        let svg = written("svg", text, text, "#ffd700");
        let document = roxmltree::Document::parse(&svg).expect("XML");
        let elements = document.descendants().filter(roxmltree::Node::is_element);
        let names: Vec<&str> = elements.map(|it| it.tag_name().name()).collect();
        let expected = [
            "svg", "title", "clipPath", "rect", "g", "rect", "rect", "g", "text", "text",
        ];
        assert_eq!(names, expected, "{svg}");
        assert_eq!(
            svg.trim_end().chars().find(|c| is_hidden(*c) && *c != '\n'),
            None
        );
        let shields = written("shields", text, text, "#ffd700");
        let shields: serde_json::Value = serde_json::from_str(&shields).unwrap();
        assert_eq!(shields["color"], "#ffd700");
        assert_eq!(shields["message"], *devportal::output::safe(text));
    }
}

#[test]
fn a_badge_is_as_wide_as_its_words_and_can_be_read() {
    let narrow = width(&written("svg", "security", "ill", "#cd7f32"));
    let wide = width(&written("svg", "security", "WWW", "#cd7f32"));
    assert!(wide > narrow + 15.0, "{narrow} {wide}");
    let longest = width(&written("svg", "security", &"W".repeat(10_000), "#cd7f32"));
    assert!(longest < 1_000.0, "{longest}");
    assert!(written("svg", "a", "b", "#ffd700").contains("fill=\"#111\">b<"));
    assert!(written("svg", "a", "b", "#0550ae").contains("fill=\"#fff\">b<"));
    assert!(written("svg", "a", "b", "#0550ae").contains("aria-label=\"a: b\""));
}
