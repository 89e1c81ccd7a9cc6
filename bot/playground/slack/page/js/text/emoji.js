// Slack's names for the emoji that apps commonly use.

import { h } from "../vdom.js";

// Name and character, one after the other.
const TABLE = `
  white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎
  heavy_multiplication_x ✖️ heavy_plus_sign ➕ heavy_minus_sign ➖ warning ⚠️ no_entry ⛔ no_entry_sign 🚫
  octagonal_sign 🛑 question ❓ grey_question ❔ exclamation ❗ grey_exclamation ❕ bangbang ‼️
  interrobang ⁉️ information_source ℹ️ 100 💯 large_green_circle 🟢 large_orange_circle 🟠
  large_yellow_circle 🟡 red_circle 🔴 large_red_circle 🔴 large_blue_circle 🔵 large_purple_circle 🟣
  large_brown_circle 🟤 black_circle ⚫ white_circle ⚪ large_green_square 🟩 large_orange_square 🟧
  large_yellow_square 🟨 large_red_square 🟥 large_blue_square 🟦 large_purple_square 🟪
  black_large_square ⬛ white_large_square ⬜ small_blue_diamond 🔹 small_orange_diamond 🔸
  large_blue_diamond 🔷 large_orange_diamond 🔶 vertical_traffic_light 🚦 traffic_light 🚥 radio_button 🔘
  hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ watch ⌚ clock1 🕐
  clock2 🕑 clock3 🕒 clock4 🕓 clock5 🕔 clock6 🕕 clock7 🕖 clock8 🕗 clock9 🕘 clock10 🕙 clock11 🕚 clock12 🕛
  calendar 📆 date 📅 spiral_calendar_pad 🗓️ paperclip 📎 linked_paperclips 🖇️ page_facing_up 📄
  page_with_curl 📃 bookmark_tabs 📑 memo 📝 pencil 📝 pencil2 ✏️ file_folder 📁 open_file_folder 📂
  card_index_dividers 🗂️ card_file_box 🗃️ file_cabinet 🗄️ wastebasket 🗑️ clipboard 📋 newspaper 📰 books 📚
  book 📖 notebook 📓 ledger 📒 label 🏷️ bookmark 🔖 pushpin 📌 round_pushpin 📍 scissors ✂️ straight_ruler 📏
  card_index 📇 bar_chart 📊 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 email ✉️ envelope ✉️
  incoming_envelope 📨 envelope_with_arrow 📩 e-mail 📧 inbox_tray 📥 outbox_tray 📤 package 📦 mailbox 📫
  mailbox_with_mail 📬 postbox 📮 telephone_receiver 📞 phone ☎️ telephone ☎️ iphone 📱 calling 📲 computer 💻
  desktop_computer 🖥️ printer 🖨️ keyboard ⌨️ floppy_disk 💾 satellite 🛰️ satellite_antenna 📡 battery 🔋
  electric_plug 🔌 link 🔗 chains ⛓️ lock 🔒 unlock 🔓 closed_lock_with_key 🔐 key 🔑 old_key 🗝️ gear ⚙️
  wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ nut_and_bolt 🔩 toolbox 🧰 shield 🛡️ mag 🔍 mag_right 🔎 bulb 💡
  flashlight 🔦 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 speaker 🔈 mute 🔇 arrow_right ➡️ arrow_left ⬅️
  arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️ arrow_lower_right ↘️ arrow_upper_left ↖️
  arrow_lower_left ↙️ left_right_arrow ↔️ arrow_right_hook ↪️ leftwards_arrow_with_hook ↩️
  arrow_heading_up ⤴️ arrow_heading_down ⤵️ arrows_counterclockwise 🔄 arrows_clockwise 🔃 repeat 🔁 back 🔙
  soon 🔜 new 🆕 ok 🆗 up 🆙 free 🆓 fast_forward ⏩ rewind ⏪ arrow_forward ▶️ arrow_backward ◀️
  double_vertical_bar ⏸️ pause_button ⏸️ black_square_for_stop ⏹️ black_right_pointing_triangle ▶️
  wave 👋 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 clap 👏 raised_hands 🙌 raised_hand ✋ hand ✋ pray 🙏
  handshake 🤝 muscle 💪 point_right 👉 point_left 👈 point_up ☝️ point_up_2 👆 point_down 👇 v ✌️
  crossed_fingers 🤞 writing_hand ✍️ eyes 👀 eye 👁️ brain 🧠 speech_balloon 💬 thought_balloon 💭
  left_speech_bubble 🗨️ bust_in_silhouette 👤 busts_in_silhouette 👥 person_in_tuxedo 🤵
  construction_worker 👷 technologist 🧑‍💻 office_worker 🧑‍💼 detective 🕵️ robot_face 🤖 ghost 👻 skull 💀
  smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 joy 😂 rolling_on_the_floor_laughing 🤣
  slightly_smiling_face 🙂 simple_smile 🙂 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 sunglasses 😎
  thinking_face 🤔 neutral_face 😐 expressionless 😑 confused 😕 disappointed 😞 worried 😟 cry 😢 sob 😭
  scream 😱 angry 😠 rage 😡 sweat_smile 😅 relieved 😌 sleeping 😴 zzz 💤 hugging_face 🤗 shushing_face 🤫
  face_palm 🤦 shrug 🤷 partying_face 🥳 nerd_face 🤓 exploding_head 🤯 see_no_evil 🙈 tada 🎉 confetti_ball 🎊
  balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 first_place_medal 🥇 crown 👑 dart 🎯 rocket 🚀 star ⭐ star2 🌟
  sparkles ✨ dizzy 💫 boom 💥 zap ⚡ fire 🔥 sunny ☀️ cloud ☁️ umbrella ☔ rainbow 🌈 snowflake ❄️ seedling 🌱
  deciduous_tree 🌳 four_leaf_clover 🍀 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙
  purple_heart 💜 broken_heart 💔 coffee ☕ pizza 🍕 cake 🍰 beers 🍻 house 🏠 office 🏢 factory 🏭 bank 🏦
  school 🏫 hospital 🏥 globe_with_meridians 🌐 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 world_map 🗺️
  compass 🧭 car 🚗 bus 🚌 train 🚆 airplane ✈️ bike 🚲 construction 🚧 checkered_flag 🏁
  triangular_flag_on_post 🚩 waving_white_flag 🏳️ moneybag 💰 dollar 💵 euro 💶 pound 💷 credit_card 💳
  briefcase 💼 mortar_board 🎓 necktie 👔 id 🆔 door 🚪 hash #️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣
  six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 zero 0️⃣
`;
const EMOJI = new Map(TABLE.match(/\S+ \S+/g).map((pair) => pair.split(" ")));
// Drawn instead of typed: the lights must look right on machines without a colour emoji font.
const LIGHTS = {
  "🟢": "green",
  "🟠": "orange",
  "🟡": "yellow",
  "🔴": "red",
  "🔵": "blue",
  "🟣": "purple",
  "🟤": "brown",
  "⚫": "black",
  "⚪": "white",
};

/** The character for a name without colons, or undefined for an unknown one. */
export function emojiFor(name) {
  return EMOJI.get(name);
}

/** An emoji node for a known name, or the name as typed. */
export function emojiNode(name) {
  const character = emojiFor(name);
  if (!character) return `:${name}:`;
  const light = LIGHTS[character];
  const look = light ? `emoji light-${light}` : "emoji";
  return h(
    "span",
    { class: look, role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` },
    character,
  );
}

/** Splits plain text at `:name:` and replaces the known ones by emoji nodes. */
export function withEmoji(text) {
  return text.split(/(:[a-z0-9_+'-]+:)/).map((part) => {
    const known = part.startsWith(":") && part.endsWith(":") && emojiFor(part.slice(1, -1));
    return known ? emojiNode(part.slice(1, -1)) : part;
  });
}
