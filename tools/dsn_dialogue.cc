#include "tools/dsn_dialogue.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "config/connection_keys.h"
#include "config/dsn_file.h"
#include "tools/console.h"

namespace graphodbc::tools {
namespace {

using config::Attribute;
using config::Key;

struct Question {
  Key key;
  bool needed = false;
};
struct Mode {
  std::string_view name;  // of AuthMode
  std::string_view says;
  std::span<const Question> questions;
};

constexpr Question kBrowser[] = {
    {Key::kTenantId}, {Key::kClientId, true}, {Key::kClientSecret}, {Key::kAccount}};
constexpr Question kDevice[] = {{Key::kTenantId}, {Key::kClientId, true}, {Key::kAccount}};
constexpr Question kSecretApp[] = {
    {Key::kTenantId, true}, {Key::kClientId, true}, {Key::kClientSecret, true}, {Key::kAccount}};
constexpr Question kCertificateApp[] = {{Key::kTenantId, true},
                                        {Key::kClientId, true},
                                        {Key::kCertificatePath, true},
                                        {Key::kCertificatePassword},
                                        {Key::kAccount}};
constexpr Question kTokenFile[] = {{Key::kTenantId},
                                   {Key::kClientId, true},
                                   {Key::kClientSecret},
                                   {Key::kRefreshTokenFilePath, true},
                                   {Key::kAccount}};
constexpr Question kManaged[] = {{Key::kClientId}, {Key::kAccount}};
constexpr Question kWorkload[] = {
    {Key::kTenantId, true}, {Key::kClientId, true}, {Key::kFederatedTokenFile}, {Key::kAccount}};
constexpr Question kAnybody[] = {{Key::kAccount}};

constexpr Mode kModes[] = {
    {"AuthorizationCode", "a person signs in with the browser of this machine", kBrowser},
    {"DeviceCode", "a person signs in with a code, on any machine", kDevice},
    {"ClientCredentials", "an application with a secret, without a person", kSecretApp},
    {"Certificate", "an application with a certificate, without a person", kCertificateApp},
    {"RefreshToken", "a token file that another program made", kTokenFile},
    {"ManagedIdentity", "the identity of an Azure machine", kManaged},
    {"WorkloadIdentity", "a token of another issuer, as in Kubernetes", kWorkload},
    {"AzureCli", "whoever `az login` signed in", kAnybody},
};

const Mode* find_mode(const std::string& answer) {
  for (const Mode& mode : kModes) {
    if (config::equal_keyword(mode.name, answer)) return &mode;
  }
  std::size_t number = 0;
  const auto result = std::from_chars(answer.data(), answer.data() + answer.size(), number);
  const bool whole = result.ec == std::errc() && result.ptr == answer.data() + answer.size();
  return whole && number >= 1 && number <= std::size(kModes) ? &kModes[number - 1] : nullptr;
}

std::string value_of(const std::vector<Attribute>& entries, std::string_view key) {
  const Attribute* entry = find_entry(entries, key);
  return entry != nullptr ? entry->value : std::string();
}

const Mode& ask_mode(std::vector<Attribute>& entries) {
  say("How does it sign in?");
  for (std::size_t i = 0; i < std::size(kModes); ++i) {
    std::string name(kModes[i].name);
    name.resize(18, ' ');
    say("  " + std::to_string(i + 1) + "  " + name + " " + std::string(kModes[i].says));
  }
  const std::string current = value_of(entries, "AuthMode");
  const std::string proposal = current.empty() ? std::string(kModes[0].name) : current;
  while (true) {
    const std::string answer = ask("AuthMode [" + proposal + "]: ");
    const Mode* mode = find_mode(answer.empty() ? proposal : answer);
    if (mode != nullptr) {
      set_entry(entries, "AuthMode", std::string(mode->name));
      return *mode;
    }
    say("Please give a number from 1 to " + std::to_string(std::size(kModes)) + ", or a name.");
  }
}

std::string ask_value(const config::KeyInfo& key, const std::string& shown, bool optional) {
  std::string prompt(key.name);
  if (!shown.empty()) {
    prompt += " [" + shown + "]";
  } else if (optional) {
    prompt += " (may stay empty)";
  }
  prompt += ": ";
  return key.secret ? ask_secret(prompt).reveal() : ask(prompt);
}

void ask_key(const Question& question, std::vector<Attribute>& entries) {
  const config::KeyInfo& key = config::info(question.key);
  const std::string current = value_of(entries, key.name);
  const bool hidden = key.secret && !config::is_reference(current);
  const std::string shown = current.empty() || !hidden ? current : "as before";
  say("");
  say(std::string(key.help) + (key.allowed.empty() ? "" : " (" + std::string(key.allowed) + ")"));
  while (true) {
    const std::string answer = ask_value(key, shown, !question.needed);
    if (!answer.empty()) {
      set_entry(entries, std::string(key.name), answer);
      return;
    }
    if (!current.empty() || !question.needed) return;
    say(std::string(key.name) + " is needed.");
  }
}

}  // namespace

const Attribute* find_entry(const std::vector<Attribute>& entries, std::string_view key) {
  const config::KeyInfo* wanted = config::find_key(key);
  for (const Attribute& entry : entries) {
    if (config::equal_keyword(entry.key, key)) return &entry;
    if (wanted != nullptr && config::find_key(entry.key) == wanted) return &entry;
  }
  return nullptr;
}

void set_entry(std::vector<Attribute>& entries, const std::string& key, std::string value) {
  if (const Attribute* known = find_entry(entries, key); known != nullptr) {
    entries[static_cast<std::size_t>(known - entries.data())].value = std::move(value);
    return;
  }
  entries.push_back({key, std::move(value)});
}

void ask_for_entries(const std::string& dsn, std::vector<Attribute>& entries) {
  say("Data source '" + dsn + "'. An empty answer takes what stands in [brackets].");
  say("");
  const Mode& mode = ask_mode(entries);
  for (const Question& question : mode.questions) ask_key(question, entries);
  say("");
}

}  // namespace graphodbc::tools
