//! `sarif`: the Static Analysis Results Interchange Format, version 2.1.0, one run.
//!
//! Results are written as they come, so the tool with its rules, and what was remarked, stand behind them. The order of keys means
//! nothing there. A result names its rule by its id, since its number would only be known at the end.

use serde_json::{Value, json};

use super::json::push;
use super::{FileHead, Remark, Render, RunTail, Style, fingerprint, path};
use crate::embedded::GUIDELINE;
use crate::locale::Lang;
use crate::report::{Finding, MessageReport, ShownEdit, ShownPlace};
use crate::rule::{Rule, Severity, in_general};

/// The renderer.
#[derive(Debug)]
pub(super) struct Sarif(pub(super) Style);

/// What the format is called by those who check it.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A place by lines and columns, which viewers use, and by bytes, which fixes need.
fn region(place: &ShownPlace) -> Value {
    json!({
        "startLine": place.start.line.max(1),
        "startColumn": place.start.utf16.max(1),
        "endLine": place.end.line.max(1),
        "endColumn": place.end.utf16.max(1),
        "byteOffset": place.span.start,
        "byteLength": place.span.end.saturating_sub(place.span.start),
    })
}

/// A text in which nothing of a message becomes a link: `[words](target)` is one even in plain texts.
fn plain(text: &str) -> String {
    text.replace("](", "] (")
}

impl Sarif {
    fn artifact(&self, path: &str) -> Value {
        let (uri, relative) = path::uri(&path::tidy(path, &self.0.root));
        if relative { json!({"uri": uri, "uriBaseId": "%SRCROOT%"}) } else { json!({"uri": uri}) }
    }

    fn result(&self, file: FileHead<'_>, message: &MessageReport, found: &Finding) -> Value {
        let artifact = self.artifact(file.path);
        let physical = |place: &ShownPlace| json!({"artifactLocation": artifact, "region": region(place)});
        let mut properties = json!({
            "message": message.index,
            "channel": message.channel.map(|(channel, _)| channel.name()),
            "part": found.place.part,
            "role": found.place.role,
        });
        if let Some(id) = message.shown_id() {
            properties["id"] = id.into();
        }
        let mut result = json!({
            "ruleId": found.rule,
            "level": level(found.severity),
            "message": {"text": plain(&found.told())},
            "locations": [{"physicalLocation": physical(&found.place)}],
            "partialFingerprints": {"santun/v1": fingerprint::of(&path::tidy(file.path, &self.0.root), message, found)},
            "properties": properties,
        });
        if !found.labels.is_empty() {
            let related = found.labels.iter().enumerate().map(|(id, (place, text))| {
                json!({"id": id + 1, "physicalLocation": physical(place), "message": {"text": text}})
            });
            result["relatedLocations"] = related.collect();
        }
        if let Some(fix) = &found.fix {
            let replacement = |edit: &ShownEdit| json!({"deletedRegion": region(&edit.place), "insertedContent": {"text": edit.written}});
            let replacements: Vec<Value> = fix.edits.iter().map(replacement).collect();
            result["fixes"] = json!([{
                "description": {"text": plain(&fix.title)},
                "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
                "properties": {"safety": fix.safety.name()},
            }]);
        }
        result
    }

    /// A rule: what it is about, how to mend it, and where the guideline asks for it.
    fn rule(&self, rule: &Rule) -> Value {
        let lang = self.0.lang;
        let help = in_general(rule.help.get(lang));
        let statements = || rule.guideline.iter().filter_map(|key| GUIDELINE.statement(key));
        let asked = statements().map(|s| format!("{} ({}). {}", s.title.get(lang), s.id, s.text.get(lang)));
        let basis = (!rule.basis.is_empty()).then(|| rule.basis.join("; "));
        let lines: Vec<String> =
            std::iter::once(help).filter(|help| !help.is_empty()).chain(asked).chain(basis).collect();
        let severity = rule.severity.iter().flatten().max().copied().unwrap_or(Severity::Warning);
        let about = in_general(rule.message.get(lang));
        let mut value = json!({
            "id": rule.id,
            "shortDescription": {"text": about},
            "defaultConfiguration": {"level": level(severity)},
            "properties": {
                "tags": [rule.theme()],
                // By this, GitHub sorts what it shows.
                "problem.severity": if severity == Severity::Info { "recommendation" } else { severity.name() },
            },
        });
        if !lines.is_empty() {
            value["fullDescription"] = json!({"text": format!("{about}. {}", lines[0])});
            value["help"] = json!({"text": lines.join("\n\n")});
        }
        value
    }

    fn notification(&self, remark: &Remark) -> Value {
        let mut physical = json!({"artifactLocation": self.artifact(&remark.path)});
        if let Some(line) = remark.line {
            physical["region"] = json!({"startLine": line.max(1)});
        }
        json!({
            "level": if remark.is_error { "error" } else { "note" },
            "message": {"text": plain(&remark.text)},
            "locations": [{"physicalLocation": physical}],
        })
    }
}

impl Render for Sarif {
    fn is_flat(&self) -> bool {
        true
    }

    fn ends_with_rules(&self) -> bool {
        true
    }

    fn start(&self, out: &mut String) {
        let language = match self.0.lang {
            Lang::Id => "id",
            Lang::En => "en",
        };
        out.extend([
            "{\"$schema\":\"",
            SCHEMA,
            "\",\"version\":\"2.1.0\",\"runs\":[{\"columnKind\":\"utf16CodeUnits\",",
        ]);
        out.extend(["\"language\":\"", language, "\",\"results\":[\n"]);
    }

    fn message(&self, file: FileHead<'_>, message: &MessageReport, out: &mut String) {
        for (index, found) in message.findings.iter().enumerate() {
            if index > 0 {
                out.push_str(self.separator());
            }
            push(out, &self.result(file, message, found));
        }
    }

    fn separator(&self) -> &'static str {
        ",\n"
    }

    fn finish(&self, run: RunTail<'_>, out: &mut String) {
        let gathered = run.gathered;
        let rules: Vec<Value> = gathered.rules.values().map(|rule| self.rule(rule)).collect();
        let driver = json!({"name": "santun", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
        let notifications: Vec<Value> = gathered.remarks.iter().map(|remark| self.notification(remark)).collect();
        let failed = run.tally.interrupted || gathered.unread > 0;
        let mut invocation = json!({"executionSuccessful": !failed, "toolExecutionNotifications": notifications});
        if gathered.unsaid > 0 {
            invocation["properties"] = json!({"notificationsLeftOut": gathered.unsaid});
        }
        out.push_str("\n],\n\"tool\":");
        push(out, &json!({"driver": driver}));
        out.push_str(",\n\"invocations\":");
        push(out, &json!([invocation]));
        out.push_str("}]}\n");
    }
}
