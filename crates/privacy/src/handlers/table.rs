//! The table of known services: data, reviewed line by line, sorted by suffix.
//!
//! A suffix stands for itself and for every name under it, as a mail domain, as a mail exchanger and as the
//! name of a host; the longest one wins. What each line says is public: "surveillance" means a company that
//! the documents published from 2013 on name as a source (PRISM; for AT&T, FAIRVIEW), and companies
//! that they own today. Companies change: a correction is a line here, a new date, and a new version.

use super::{Provider, Why};

/// Counted up with each change of the table.
pub const TABLE_VERSION: u16 = 1;

/// When the table was last reviewed (ISO 8601).
pub const TABLE_DATE: &str = "2026-11-22";

const fn provider(name: &'static str, why: Why) -> Provider {
    Provider { name, why }
}

const A1: &Provider = &provider("A1", Why::Commercial);
const ALL_INKL: &Provider = &provider("ALL-INKL", Why::Commercial);
const AMAZON: &Provider = &provider("Amazon", Why::Commercial);
const AMAZON_CLOUD: &Provider = &provider("Amazon Web Services", Why::Commercial);
const AMAZON_SES: &Provider = &provider("Amazon SES", Why::SendsForOthers);
const AOL: &Provider = &provider("AOL", Why::AdvertisingAndSurveillance);
const APPLE: &Provider = &provider("Apple iCloud", Why::Surveillance);
const ARUBA: &Provider = &provider("Aruba", Why::Commercial);
const ATT: &Provider = &provider("AT&T", Why::Surveillance);
const AUTISTICI: &Provider = &provider("Autistici/Inventati", Why::NonProfit);
const BARRACUDA: &Provider = &provider("Barracuda", Why::Filters);
const BOUYGUES: &Provider = &provider("Bouygues Telecom", Why::Commercial);
const BREVO: &Provider = &provider("Brevo", Why::SendsForOthers);
const BT: &Provider = &provider("BT", Why::Commercial);
const CAMPAIGN_MONITOR: &Provider = &provider("Campaign Monitor", Why::SendsForOthers);
const CISCO: &Provider = &provider("Cisco Secure Email", Why::Filters);
const CLOUDFLARE: &Provider = &provider("Cloudflare", Why::Commercial);
const COMCAST: &Provider = &provider("Comcast", Why::Commercial);
const CONSTANT_CONTACT: &Provider = &provider("Constant Contact", Why::SendsForOthers);
const CONTABO: &Provider = &provider("Contabo", Why::Commercial);
const COUNTERMAIL: &Provider = &provider("CounterMail", Why::PaidCharter);
const DIGITALOCEAN: &Provider = &provider("DigitalOcean", Why::Commercial);
const DISROOT: &Provider = &provider("Disroot", Why::NonProfit);
const EMARSYS: &Provider = &provider("Emarsys", Why::SendsForOthers);
const FACEBOOK: &Provider = &provider("Facebook", Why::AdvertisingAndSurveillance);
const FASTMAIL: &Provider = &provider("Fastmail", Why::PaidCharter);
const FASTWEB: &Provider = &provider("Fastweb", Why::Commercial);
const FRAMASOFT: &Provider = &provider("Framasoft", Why::NonProfit);
const FREE: &Provider = &provider("Free", Why::Commercial);
const FREENET: &Provider = &provider("freenet", Why::Advertising);
const GANDI: &Provider = &provider("Gandi", Why::Commercial);
const GITHUB: &Provider = &provider("GitHub", Why::Surveillance);
const GMAIL: &Provider = &provider("Gmail", Why::AdvertisingAndSurveillance);
const GMX: &Provider = &provider("GMX", Why::Advertising);
const GODADDY: &Provider = &provider("GoDaddy", Why::Commercial);
const GOOGLE: &Provider = &provider("Google Workspace", Why::AdvertisingAndSurveillance);
const HETZNER: &Provider = &provider("Hetzner", Why::Commercial);
const HORNET: &Provider = &provider("Hornetsecurity", Why::Filters);
const HOSTINGER: &Provider = &provider("Hostinger", Why::Commercial);
const HUBSPOT: &Provider = &provider("HubSpot", Why::SendsForOthers);
const HUSHMAIL: &Provider = &provider("Hushmail", Why::PaidCharter);
const IMMERDA: &Provider = &provider("immerda", Why::NonProfit);
const INFOMANIAK: &Provider = &provider("Infomaniak", Why::PaidCharter);
const INTERIA: &Provider = &provider("Interia", Why::Advertising);
const IONOS: &Provider = &provider("IONOS", Why::Commercial);
const KLAVIYO: &Provider = &provider("Klaviyo", Why::SendsForOthers);
const KOLAB: &Provider = &provider("Kolab Now", Why::PaidCharter);
const KPN: &Provider = &provider("KPN", Why::Commercial);
const LA_POSTE: &Provider = &provider("La Poste", Why::Commercial);
const LIBERO: &Provider = &provider("Libero", Why::Advertising);
const LINKEDIN: &Provider = &provider("LinkedIn", Why::AdvertisingAndSurveillance);
const LINODE: &Provider = &provider("Akamai Linode", Why::Commercial);
const MAILBOX_ORG: &Provider = &provider("mailbox.org", Why::PaidCharter);
const MAILCHIMP: &Provider = &provider("Mailchimp", Why::SendsForOthers);
const MAILFENCE: &Provider = &provider("Mailfence", Why::PaidCharter);
const MAILGUN: &Provider = &provider("Mailgun", Why::SendsForOthers);
const MAILINBLACK: &Provider = &provider("Mailinblack", Why::Filters);
const MAILJET: &Provider = &provider("Mailjet", Why::SendsForOthers);
const MAILUP: &Provider = &provider("MailUp", Why::SendsForOthers);
const MAIL_COM: &Provider = &provider("mail.com", Why::Advertising);
const MAIL_RU: &Provider = &provider("Mail.ru", Why::Advertising);
const MAYFIRST: &Provider = &provider("May First", Why::NonProfit);
const MESSAGELABS: &Provider = &provider("Symantec Email Security", Why::Filters);
const MICROSOFT: &Provider = &provider("Microsoft 365", Why::AdvertisingAndSurveillance);
const MIGADU: &Provider = &provider("Migadu", Why::PaidCharter);
const MIMECAST: &Provider = &provider("Mimecast", Why::Filters);
const MURENA: &Provider = &provider("Murena", Why::PaidCharter);
const NAMECHEAP: &Provider = &provider("Namecheap", Why::Commercial);
const NAVER: &Provider = &provider("Naver", Why::Advertising);
const NETEASE: &Provider = &provider("NetEase", Why::Advertising);
const NUBO: &Provider = &provider("Nubo", Why::NonProfit);
const ONET: &Provider = &provider("Onet", Why::Advertising);
const ORANGE: &Provider = &provider("Orange", Why::Commercial);
const OUTLOOK: &Provider = &provider("Outlook.com", Why::AdvertisingAndSurveillance);
const OUVATON: &Provider = &provider("Ouvaton", Why::NonProfit);
const OVH: &Provider = &provider("OVHcloud", Why::Commercial);
const PINTEREST: &Provider = &provider("Pinterest", Why::Advertising);
const POSTEO: &Provider = &provider("Posteo", Why::PaidCharter);
const POSTE_IT: &Provider = &provider("Poste Italiane", Why::Commercial);
const POSTMARK: &Provider = &provider("Postmark", Why::SendsForOthers);
const PROOFPOINT: &Provider = &provider("Proofpoint", Why::Filters);
const PROTON: &Provider = &provider("Proton", Why::PaidCharter);
const PROXIMUS: &Provider = &provider("Proximus", Why::Commercial);
const PURELYMAIL: &Provider = &provider("Purelymail", Why::PaidCharter);
const QQ: &Provider = &provider("QQ Mail", Why::Advertising);
const RACKSPACE: &Provider = &provider("Rackspace", Why::Commercial);
const RAMBLER: &Provider = &provider("Rambler", Why::Advertising);
const REDIFF: &Provider = &provider("Rediffmail", Why::Advertising);
const REGISTER_IT: &Provider = &provider("Register.it", Why::Commercial);
const RESEND: &Provider = &provider("Resend", Why::SendsForOthers);
const RISEUP: &Provider = &provider("Riseup", Why::NonProfit);
const RUNBOX: &Provider = &provider("Runbox", Why::PaidCharter);
const SALESFORCE: &Provider = &provider("Salesforce", Why::SendsForOthers);
const SAPO: &Provider = &provider("SAPO", Why::Commercial);
const SCALEWAY: &Provider = &provider("Scaleway", Why::Commercial);
const SDF: &Provider = &provider("SDF", Why::NonProfit);
const SENDGRID: &Provider = &provider("SendGrid", Why::SendsForOthers);
const SEZNAM: &Provider = &provider("Seznam", Why::Advertising);
const SFR: &Provider = &provider("SFR", Why::Commercial);
const SINA: &Provider = &provider("Sina", Why::Advertising);
const SKY: &Provider = &provider("Sky", Why::Commercial);
const SOPHOS: &Provider = &provider("Sophos", Why::Filters);
const SOVERIN: &Provider = &provider("Soverin", Why::PaidCharter);
const SPARKPOST: &Provider = &provider("SparkPost", Why::SendsForOthers);
const STARTMAIL: &Provider = &provider("StartMail", Why::PaidCharter);
const STRATO: &Provider = &provider("STRATO", Why::Commercial);
const SUBSTACK: &Provider = &provider("Substack", Why::SendsForOthers);
const SWISSCOM: &Provider = &provider("Swisscom", Why::Commercial);
const SYSTEMLI: &Provider = &provider("Systemli", Why::NonProfit);
const TELEFONICA: &Provider = &provider("Telefónica", Why::Commercial);
const TELENET: &Provider = &provider("Telenet", Why::Commercial);
const TIKTOK: &Provider = &provider("TikTok", Why::Advertising);
const TIM: &Provider = &provider("TIM", Why::Commercial);
const TISCALI: &Provider = &provider("Tiscali", Why::Commercial);
const TREND: &Provider = &provider("Trend Micro", Why::Filters);
const TUTA: &Provider = &provider("Tuta", Why::PaidCharter);
const T_ONLINE: &Provider = &provider("Telekom", Why::Commercial);
const UOL: &Provider = &provider("UOL", Why::Advertising);
const VADE: &Provider = &provider("Vade", Why::Filters);
const VIRGILIO: &Provider = &provider("Virgilio", Why::Advertising);
const VIRGIN: &Provider = &provider("Virgin Media", Why::Commercial);
const VULTR: &Provider = &provider("Vultr", Why::Commercial);
const WEB_DE: &Provider = &provider("WEB.DE", Why::Advertising);
const WP_PL: &Provider = &provider("WP Poczta", Why::Advertising);
const X: &Provider = &provider("X", Why::Advertising);
const YAHOO: &Provider = &provider("Yahoo", Why::AdvertisingAndSurveillance);
const YANDEX: &Provider = &provider("Yandex", Why::Advertising);
const ZACLYS: &Provider = &provider("Zaclys", Why::NonProfit);
const ZENDESK: &Provider = &provider("Zendesk", Why::SendsForOthers);
const ZIGGO: &Provider = &provider("Ziggo", Why::Commercial);
const ZOHO: &Provider = &provider("Zoho", Why::Commercial);

/// Suffix and service, sorted by the bytes of the suffix.
pub(super) static SUFFIXES: &[(&str, &Provider)] = &[
    ("126.com", NETEASE),
    ("163.com", NETEASE),
    ("1and1.com", IONOS),
    ("1e100.net", GOOGLE),
    ("9online.fr", SFR),
    ("a1.net", A1),
    ("aim.com", AOL),
    ("alice.it", TIM),
    ("aliceadsl.fr", FREE),
    ("amazon.co.uk", AMAZON),
    ("amazon.com", AMAZON),
    ("amazon.de", AMAZON),
    ("amazon.fr", AMAZON),
    ("amazon.it", AMAZON),
    ("amazonaws.com", AMAZON_CLOUD),
    ("amazonses.com", AMAZON_SES),
    ("antispameurope.com", HORNET),
    ("aol.co.uk", AOL),
    ("aol.com", AOL),
    ("aol.de", AOL),
    ("aol.fr", AOL),
    ("aol.it", AOL),
    ("aon.at", A1),
    ("apple.com", APPLE),
    ("aruba.it", ARUBA),
    ("arubapec.it", ARUBA),
    ("att.net", ATT),
    ("autistici.org", AUTISTICI),
    ("awsapps.com", AMAZON_CLOUD),
    ("barracudanetworks.com", BARRACUDA),
    ("bbox.fr", BOUYGUES),
    ("bellsouth.net", ATT),
    ("bk.ru", MAIL_RU),
    ("blu.it", LIBERO),
    ("bluewin.ch", SWISSCOM),
    ("blueyonder.co.uk", VIRGIN),
    ("bol.com.br", UOL),
    ("bouyguestelecom.fr", BOUYGUES),
    ("brevo.com", BREVO),
    ("brevosend.com", BREVO),
    ("bt.com", BT),
    ("btinternet.com", BT),
    ("ccsend.com", CONSTANT_CONTACT),
    ("cegetel.net", SFR),
    ("cloudapp.azure.com", MICROSOFT),
    ("cloudflare.com", CLOUDFLARE),
    ("cloudflare.net", CLOUDFLARE),
    ("club-internet.fr", SFR),
    ("cmail19.com", CAMPAIGN_MONITOR),
    ("cmail20.com", CAMPAIGN_MONITOR),
    ("comcast.net", COMCAST),
    ("constantcontact.com", CONSTANT_CONTACT),
    ("contaboserver.net", CONTABO),
    ("countermail.com", COUNTERMAIL),
    ("createsend.com", CAMPAIGN_MONITOR),
    ("cudasvc.com", BARRACUDA),
    ("digitalocean.com", DIGITALOCEAN),
    ("disroot.org", DISROOT),
    ("e.email", MURENA),
    ("ecloud.global", MURENA),
    ("email.com", MAIL_COM),
    ("email.cz", SEZNAM),
    ("emailsrvr.com", RACKSPACE),
    ("emarsys.com", EMARSYS),
    ("emarsys.net", EMARSYS),
    ("etik.com", INFOMANIAK),
    ("exacttarget.com", SALESFORCE),
    ("exct.net", SALESFORCE),
    ("facebook.com", FACEBOOK),
    ("facebookmail.com", FACEBOOK),
    ("fastmail.com", FASTMAIL),
    ("fastmail.fm", FASTMAIL),
    ("fastmail.net", FASTMAIL),
    ("fastmail.org", FASTMAIL),
    ("fastweb.it", FASTWEB),
    ("fastwebnet.it", FASTWEB),
    ("foxmail.com", QQ),
    ("framasoft.org", FRAMASOFT),
    ("free.fr", FREE),
    ("freenet.de", FREENET),
    ("gandi.net", GANDI),
    ("giallo.it", LIBERO),
    ("github.com", GITHUB),
    ("gmail.com", GMAIL),
    ("gmx.at", GMX),
    ("gmx.ch", GMX),
    ("gmx.com", GMX),
    ("gmx.de", GMX),
    ("gmx.eu", GMX),
    ("gmx.fr", GMX),
    ("gmx.net", GMX),
    ("gmx.org", GMX),
    ("godaddy.com", GODADDY),
    ("google.com", GOOGLE),
    ("googlemail.com", GMAIL),
    ("googleusercontent.com", GOOGLE),
    ("heinlein-hosting.de", MAILBOX_ORG),
    ("hetzner.com", HETZNER),
    ("hornetsecurity.com", HORNET),
    ("hostinger.com", HOSTINGER),
    ("hotmail.be", OUTLOOK),
    ("hotmail.co.uk", OUTLOOK),
    ("hotmail.com", OUTLOOK),
    ("hotmail.de", OUTLOOK),
    ("hotmail.es", OUTLOOK),
    ("hotmail.fr", OUTLOOK),
    ("hotmail.it", OUTLOOK),
    ("hubspot.com", HUBSPOT),
    ("hubspotemail.net", HUBSPOT),
    ("hush.com", HUSHMAIL),
    ("hushmail.com", HUSHMAIL),
    ("icloud.com", APPLE),
    ("ik.me", INFOMANIAK),
    ("ikmail.com", INFOMANIAK),
    ("immerda.ch", IMMERDA),
    ("inbound-smtp.eu-west-1.amazonaws.com", AMAZON_SES),
    ("inbound-smtp.us-east-1.amazonaws.com", AMAZON_SES),
    ("inbound-smtp.us-west-2.amazonaws.com", AMAZON_SES),
    ("inbox.ru", MAIL_RU),
    ("infomaniak.ch", INFOMANIAK),
    ("infomaniak.com", INFOMANIAK),
    ("instagram.com", FACEBOOK),
    ("interia.eu", INTERIA),
    ("interia.pl", INTERIA),
    ("internet.ru", MAIL_RU),
    ("inventati.org", AUTISTICI),
    ("investici.org", AUTISTICI),
    ("inwind.it", LIBERO),
    ("iol.it", LIBERO),
    ("ionos.com", IONOS),
    ("ionos.de", IONOS),
    ("ionos.fr", IONOS),
    ("ionos.it", IONOS),
    ("iphmx.com", CISCO),
    ("italiaonline.it", LIBERO),
    ("kasserver.com", ALL_INKL),
    ("keemail.me", TUTA),
    ("klaviyo.com", KLAVIYO),
    ("klaviyomail.com", KLAVIYO),
    ("kolabnow.com", KOLAB),
    ("kpn.com", KPN),
    ("kpnmail.nl", KPN),
    ("kundenserver.de", IONOS),
    ("laposte.fr", LA_POSTE),
    ("laposte.net", LA_POSTE),
    ("libero.it", LIBERO),
    ("libertysurf.fr", FREE),
    ("linkedin.com", LINKEDIN),
    ("linode.com", LINODE),
    ("linodeusercontent.com", LINODE),
    ("list.ru", MAIL_RU),
    ("live.be", OUTLOOK),
    ("live.co.uk", OUTLOOK),
    ("live.com", OUTLOOK),
    ("live.fr", OUTLOOK),
    ("live.it", OUTLOOK),
    ("live.nl", OUTLOOK),
    ("mac.com", APPLE),
    ("magenta.de", T_ONLINE),
    ("mail.com", MAIL_COM),
    ("mail.protection.outlook.com", MICROSOFT),
    ("mail.ru", MAIL_RU),
    ("mailbox.org", MAILBOX_ORG),
    ("mailchimp.com", MAILCHIMP),
    ("mailchimpapp.net", MAILCHIMP),
    ("mailfence.com", MAILFENCE),
    ("mailgun.co", MAILGUN),
    ("mailgun.com", MAILGUN),
    ("mailgun.net", MAILGUN),
    ("mailgun.org", MAILGUN),
    ("mailinblack.com", MAILINBLACK),
    ("mailinblue.com", BREVO),
    ("mailjet.com", MAILJET),
    ("mailup.com", MAILUP),
    ("mandrillapp.com", MAILCHIMP),
    ("mayfirst.org", MAYFIRST),
    ("mcdlv.net", MAILCHIMP),
    ("mcsv.net", MAILCHIMP),
    ("me.com", APPLE),
    ("messagebird.com", SPARKPOST),
    ("messagelabs.com", MESSAGELABS),
    ("messagingengine.com", FASTMAIL),
    ("meta.com", FACEBOOK),
    ("microsoft.com", MICROSOFT),
    ("migadu.com", MIGADU),
    ("mimecast.co.za", MIMECAST),
    ("mimecast.com", MIMECAST),
    ("movistar.es", TELEFONICA),
    ("msn.com", OUTLOOK),
    ("mtasv.net", POSTMARK),
    ("murena.com", MURENA),
    ("murena.io", MURENA),
    ("musvc.com", MAILUP),
    ("mx.microsoft", MICROSOFT),
    ("mykolab.com", KOLAB),
    ("myyahoo.com", YAHOO),
    ("naver.com", NAVER),
    ("netease.com", NETEASE),
    ("neuf.fr", SFR),
    ("noos.fr", SFR),
    ("ntlworld.com", VIRGIN),
    ("nubo.coop", NUBO),
    ("numericable.fr", SFR),
    ("o2.pl", WP_PL),
    ("office365.com", MICROSOFT),
    ("onet.pl", ONET),
    ("online.net", SCALEWAY),
    ("onmicrosoft.com", MICROSOFT),
    ("op.pl", ONET),
    ("orange.com", ORANGE),
    ("orange.fr", ORANGE),
    ("orange.net", ORANGE),
    ("outbound.protection.outlook.com", MICROSOFT),
    ("outlook.be", OUTLOOK),
    ("outlook.com", OUTLOOK),
    ("outlook.de", OUTLOOK),
    ("outlook.es", OUTLOOK),
    ("outlook.fr", OUTLOOK),
    ("outlook.it", OUTLOOK),
    ("outlook.pt", OUTLOOK),
    ("ouvaton.coop", OUVATON),
    ("ouvaton.org", OUVATON),
    ("ovh.ca", OVH),
    ("ovh.com", OVH),
    ("ovh.net", OVH),
    ("ovhcloud.com", OVH),
    ("passmail.net", PROTON),
    ("passport.com", OUTLOOK),
    ("pec.it", ARUBA),
    ("perfora.net", IONOS),
    ("pinterest.com", PINTEREST),
    ("planet.nl", KPN),
    ("pm.me", PROTON),
    ("pobox.com", FASTMAIL),
    ("poczta.onet.pl", ONET),
    ("poneytelecom.eu", SCALEWAY),
    ("poste.it", POSTE_IT),
    ("postecert.it", POSTE_IT),
    ("posteo.at", POSTEO),
    ("posteo.ch", POSTEO),
    ("posteo.de", POSTEO),
    ("posteo.eu", POSTEO),
    ("posteo.fr", POSTEO),
    ("posteo.it", POSTEO),
    ("posteo.net", POSTEO),
    ("posteo.org", POSTEO),
    ("postmarkapp.com", POSTMARK),
    ("ppe-hosted.com", PROOFPOINT),
    ("pphosted.com", PROOFPOINT),
    ("privateemail.com", NAMECHEAP),
    ("privaterelay.appleid.com", APPLE),
    ("prod.outlook.com", MICROSOFT),
    ("proofpoint.com", PROOFPOINT),
    ("proton.me", PROTON),
    ("protonmail.ch", PROTON),
    ("protonmail.com", PROTON),
    ("proxad.net", FREE),
    ("proximus.be", PROXIMUS),
    ("purelymail.com", PURELYMAIL),
    ("qq.com", QQ),
    ("rackspace.com", RACKSPACE),
    ("rambler.ru", RAMBLER),
    ("rediffmail.com", REDIFF),
    ("reflexion.net", SOPHOS),
    ("register.it", REGISTER_IT),
    ("registrar-servers.com", NAMECHEAP),
    ("resend.com", RESEND),
    ("resend.dev", RESEND),
    ("riseup.net", RISEUP),
    ("rocketmail.com", YAHOO),
    ("rsgsv.net", MAILCHIMP),
    ("runbox.com", RUNBOX),
    ("runbox.no", RUNBOX),
    ("rzone.de", STRATO),
    ("salesforce.com", SALESFORCE),
    ("sapo.pt", SAPO),
    ("sbcglobal.net", ATT),
    ("scaleway.com", SCALEWAY),
    ("schlund.de", IONOS),
    ("scw.cloud", SCALEWAY),
    ("sdf.org", SDF),
    ("secureserver.net", GODADDY),
    ("sender-sib.com", BREVO),
    ("sendgrid.com", SENDGRID),
    ("sendgrid.net", SENDGRID),
    ("sendibm1.com", BREVO),
    ("sendibm2.com", BREVO),
    ("sendibm3.com", BREVO),
    ("sendibt2.com", BREVO),
    ("sendibt3.com", BREVO),
    ("sendinblue.com", BREVO),
    ("seznam.cz", SEZNAM),
    ("sfr.fr", SFR),
    ("simplelogin.co", PROTON),
    ("sina.cn", SINA),
    ("sina.com", SINA),
    ("sky.com", SKY),
    ("skynet.be", PROXIMUS),
    ("smtp.goog", GOOGLE),
    ("sophos.com", SOPHOS),
    ("soverin.net", SOVERIN),
    ("sparkpost.com", SPARKPOST),
    ("sparkpostmail.com", SPARKPOST),
    ("startmail.com", STARTMAIL),
    ("strato.de", STRATO),
    ("substack.com", SUBSTACK),
    ("swisscom.ch", SWISSCOM),
    ("systemausfall.org", SYSTEMLI),
    ("systemli.org", SYSTEMLI),
    ("t-online.de", T_ONLINE),
    ("technorail.com", ARUBA),
    ("telecomitalia.it", TIM),
    ("telefonica.es", TELEFONICA),
    ("telefonica.net", TELEFONICA),
    ("telekom.de", T_ONLINE),
    ("telenet.be", TELENET),
    ("tiktok.com", TIKTOK),
    ("tim.it", TIM),
    ("tin.it", TIM),
    ("tiscali.it", TISCALI),
    ("titan.email", HOSTINGER),
    ("trendmicro.com", TREND),
    ("trendmicro.eu", TREND),
    ("tuta.com", TUTA),
    ("tuta.io", TUTA),
    ("tutamail.com", TUTA),
    ("tutanota.com", TUTA),
    ("tutanota.de", TUTA),
    ("twitter.com", X),
    ("uol.com.br", UOL),
    ("vade-retro.com", VADE),
    ("vadesecure.com", VADE),
    ("verizon.net", AOL),
    ("virgilio.it", VIRGILIO),
    ("virginmedia.com", VIRGIN),
    ("vultr.com", VULTR),
    ("vultrusercontent.com", VULTR),
    ("wanadoo.fr", ORANGE),
    ("web.de", WEB_DE),
    ("whatsapp.com", FACEBOOK),
    ("windowslive.com", OUTLOOK),
    ("wp.pl", WP_PL),
    ("x.com", X),
    ("ya.ru", YANDEX),
    ("yahoo.ca", YAHOO),
    ("yahoo.co.jp", YAHOO),
    ("yahoo.co.uk", YAHOO),
    ("yahoo.com", YAHOO),
    ("yahoo.com.br", YAHOO),
    ("yahoo.de", YAHOO),
    ("yahoo.es", YAHOO),
    ("yahoo.fr", YAHOO),
    ("yahoo.it", YAHOO),
    ("yahoodns.net", YAHOO),
    ("yandex.com", YANDEX),
    ("yandex.net", YANDEX),
    ("yandex.ru", YANDEX),
    ("yeah.net", NETEASE),
    ("ymail.com", YAHOO),
    ("your-server.de", HETZNER),
    ("zaclys.com", ZACLYS),
    ("zaclys.net", ZACLYS),
    ("zendesk.com", ZENDESK),
    ("ziggo.nl", ZIGGO),
    ("zoho.com", ZOHO),
    ("zoho.eu", ZOHO),
    ("zoho.in", ZOHO),
    ("zohomail.com", ZOHO),
    ("zohomail.eu", ZOHO),
];

#[cfg(test)]
mod tests {
    use super::*;
    use caliopen_model::{HandlerClass, Language};

    #[test]
    fn the_table_is_sorted_and_says_nothing_twice() {
        for pair in SUFFIXES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
    }

    #[test]
    fn every_suffix_is_a_name_in_lower_case_with_a_dot() {
        for (suffix, _) in SUFFIXES {
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
            assert!(suffix.bytes().all(plain), "{suffix}");
            assert!(suffix.contains('.') && !suffix.starts_with('.') && !suffix.ends_with('.'), "{suffix}");
        }
    }

    #[test]
    fn every_entry_says_who_it_is_and_why() {
        for (suffix, provider) in SUFFIXES {
            assert!(!provider.name.is_empty(), "{suffix}");
            assert_ne!(provider.why, Why::Unknown, "{suffix}");
            assert_ne!(
                provider.why.class(),
                HandlerClass::A,
                "{suffix}: no table knows who runs their own server"
            );
            for language in Language::ALL {
                assert!(provider.why.text(language).ends_with('.'), "{suffix}");
            }
        }
    }

    #[test]
    fn a_name_belongs_to_one_service() {
        for (suffix, provider) in SUFFIXES {
            for (other, namesake) in SUFFIXES {
                assert!(provider.name != namesake.name || provider == namesake, "{suffix} and {other}");
            }
        }
    }
}
