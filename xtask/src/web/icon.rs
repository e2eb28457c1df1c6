//! The picture of an app that has not brought its own: a plain drawing in the product's colours.

/// An SVG of 512 × 512 whose drawing stays inside the circle a phone may cut out.
pub fn draw(app: &str) -> String {
    let (ground, drawing) = match app {
        "kitchen" => ("#1F1A17", KITCHEN),
        "driver" => ("#17653A", DRIVER),
        _ => ("#B93A0A", CUSTOMER),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 512 512\">\
         <rect width=\"512\" height=\"512\" rx=\"112\" fill=\"{ground}\"/>\
         <g fill=\"none\" stroke=\"#FAF7F2\" stroke-width=\"30\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\
         {drawing}</g></svg>\n"
    )
}

/// A steaming bowl.
const CUSTOMER: &str = "<path d=\"M120 262h272a136 136 0 0 1-272 0z\" fill=\"#FAF7F2\"/>\
    <path d=\"M196 208c-22-26 22-46 0-78M256 208c-22-26 22-46 0-78M316 208c-22-26 22-46 0-78\"/>";
/// A cook's hat.
const KITCHEN: &str = "<path d=\"M172 296a72 72 0 1 1 18-138 76 76 0 0 1 132 0 72 72 0 1 1 18 138v88H172z\"/>\
    <path d=\"M172 336h168\"/>";
/// A pin on a road.
const DRIVER: &str = "<path d=\"M256 330c-62-66-92-108-92-148a92 92 0 0 1 184 0c0 40-30 82-92 148z\"/>\
    <circle cx=\"256\" cy=\"184\" r=\"26\" fill=\"#FAF7F2\"/><path d=\"M150 392h212\"/>";
