//! Which channel a message goes through, where nobody has said it.

use super::Hints;
use crate::message::{Channel, ChannelSource};
use crate::token::fold;

/// The channel, by what is known best: the command line, a field, the configuration, header lines, lines of an export,
/// the file's name, the shape of the text.
pub(crate) fn find(hints: &Hints, named: Option<Channel>, has_headers: bool, body: &str) -> (Channel, ChannelSource) {
    let given = |channel: Option<Channel>, source| channel.map(|channel| (channel, source));
    given(hints.forced, ChannelSource::Given)
        .or_else(|| given(named, ChannelSource::Named))
        .or_else(|| given(hints.configured, ChannelSource::Given))
        .or_else(|| given(has_headers.then_some(Channel::Email), ChannelSource::Headers))
        .or_else(|| given(is_export(body).then_some(Channel::Chat), ChannelSource::Headers))
        .or_else(|| given(by_file_name(&hints.file_name), ChannelSource::FileName))
        .unwrap_or_else(|| (by_shape(body), ChannelSource::Shape))
}

/// Words of file names.
const NAMES: &[(&str, Channel)] = &[
    ("email", Channel::Email),
    ("e-mail", Channel::Email),
    ("surel", Channel::Email),
    ("mail", Channel::Email),
    ("chat", Channel::Chat),
    ("whatsapp", Channel::Chat),
    ("telegram", Channel::Chat),
    ("wa", Channel::Chat),
    ("pesan", Channel::Chat),
    ("post", Channel::Social),
    ("posting", Channel::Social),
    ("unggahan", Channel::Social),
    ("sosial", Channel::Social),
    ("medsos", Channel::Social),
    ("social", Channel::Social),
    ("instagram", Channel::Social),
    ("twitter", Channel::Social),
    ("facebook", Channel::Social),
    ("caption", Channel::Social),
    ("surat", Channel::Letter),
    ("letter", Channel::Letter),
    ("undangan", Channel::Letter),
    ("edaran", Channel::Letter),
];

/// The first word of the name that tells a channel.
fn by_file_name(name: &str) -> Option<Channel> {
    let name = name.to_lowercase();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let words =
        name.split(|c: char| !c.is_alphanumeric() && c != '-').chain(name.split(|c: char| !c.is_alphanumeric()));
    words.filter_map(|word| NAMES.iter().find(|(known, _)| *known == word)).map(|(_, channel)| *channel).next()
}

/// Whether the text begins as an exported conversation does: a date and a time, then a name.
fn is_export(body: &str) -> bool {
    let line = body.lines().next().unwrap_or_default().trim_start_matches(['\u{200e}', '[', ' ']);
    let stamp: String = line.chars().take_while(|c| c.is_ascii_digit() || "/.:, -".contains(*c)).collect();
    stamp.bytes().filter(u8::is_ascii_digit).count() >= 8 && stamp.contains(['/', '.']) && line.contains(": ")
}

/// The shape of the text: a letter has its numbered head, a post its hashtags, an e-mail its length and paragraphs; the
/// rest is chat.
fn by_shape(body: &str) -> Channel {
    let head = |name: &str| {
        body.lines().take(25).any(|line| {
            let line = line.trim_start();
            let rest = line
                .get(..name.len())
                .filter(|start| start.eq_ignore_ascii_case(name))
                .and_then(|_| line.get(name.len()..));
            rest.is_some_and(|rest| rest.trim_start().starts_with(':'))
        })
    };
    if head("nomor") && (head("hal") || head("perihal") || head("lampiran") || head("sifat")) {
        return Channel::Letter;
    }
    if is_certificate(body) {
        return Channel::Letter;
    }
    let hashtags = body.split_whitespace().filter(|word| word.len() > 2 && word.starts_with('#')).count();
    if hashtags >= 2 || hashtags == 1 && body.len() < 600 {
        return Channel::Social;
    }
    let paragraphs = body.split("\n\n").filter(|p| !p.trim().is_empty()).count();
    if body.len() > 700 || paragraphs >= 4 { Channel::Email } else { Channel::Chat }
}

/// Whether somebody signs for something, as in a surat keterangan: its title is in the first lines, and who signs says so.
fn is_certificate(body: &str) -> bool {
    /// In how many lines that hold something the title stands.
    const HEAD: usize = 20;
    /// How many words a title has at most.
    const TITLE: usize = 14;
    let is_title = |line: &str| {
        let mut words = line.split_whitespace();
        let opens = words.next().is_some_and(|word| matches!(fold(word).as_ref(), "surat" | "formulir" | "biodata"));
        opens && words.count() < TITLE && !line.contains(char::is_lowercase)
    };
    let titled = body.lines().filter(|line| !line.trim().is_empty()).take(HEAD).any(is_title);
    let signs = ["bertanda tangan di bawah ini", "bertandatangan di bawah ini", "bertanda tangan dibawah ini"];
    titled || signs.iter().any(|words| body.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names_of_files() {
        assert_eq!(by_file_name("drafts/email-keluhan.txt"), Some(Channel::Email));
        assert_eq!(by_file_name("WhatsApp Chat dengan Budi.txt"), Some(Channel::Chat));
        assert_eq!(by_file_name("surat_undangan.txt"), Some(Channel::Letter));
        assert_eq!(by_file_name("warta.txt"), None);
    }

    #[test]
    fn tells_letters_and_exports_by_their_text() {
        assert_eq!(by_shape("PEMERINTAH KOTA X\nNomor : 005/1\nHal   : Undangan\n\nYth. …"), Channel::Letter);
        assert_eq!(by_shape("DESA X\nSURAT KETERANGAN DOMISILI\nNomor: 1\n\nMenerangkan bahwa …"), Channel::Letter);
        assert_eq!(by_shape("Yang bertanda tangan di bawah ini, Kepala Desa X"), Channel::Letter);
        assert_eq!(by_shape("Surat Anda sudah kami terima."), Channel::Chat);
        assert_eq!(by_shape("Ayo ke posyandu! #Sehat #KotaX"), Channel::Social);
        assert!(is_export("[28/04/26, 16.31.34] Budi: halo"));
        assert!(is_export("14/11/23 10.04 - Budi: halo"));
        assert!(!is_export("12 orang hadir: Budi, Sari"));
    }
}
