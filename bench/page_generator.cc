// Writes the pages of a messages collection as files, for a static web server:
//   bench_pages FOLDER BASE_URL ROWS [PAGE_SIZE]
// Page 1 is FOLDER/1.json; its nextLink is BASE_URL/2.json, and so on. Deterministic.
//
// The pages are meant to weigh what a mailbox's do: ids of 152 characters of which eight differ,
// previews of up to 255 characters whose words are as frequent as those of written language, a few
// hundred senders of very different diligence, replies, some other languages, some escapes.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

class Random {
 public:
  // splitmix64
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  bool percent(std::size_t chance) { return below(100) < chance; }

 private:
  std::uint64_t state_ = 42;
};

// The most frequent words come first: they are drawn by Zipf's law.
constexpr const char* kWords[] = {
    "the",         "to",        "and",          "of",          "a",          "in",
    "for",         "is",        "on",           "you",         "we",         "with",
    "that",        "this",      "be",           "your",        "are",        "it",
    "as",          "have",      "will",         "at",          "from",       "please",
    "our",         "by",        "or",           "can",         "not",        "has",
    "if",          "all",       "an",           "I",           "was",        "would",
    "new",         "any",       "they",         "us",          "which",      "there",
    "been",        "by",        "more",         "about",       "but",        "me",
    "do",          "what",      "so",           "up",          "time",       "week",
    "team",        "meeting",   "let",          "know",        "next",       "today",
    "here",        "below",     "attached",     "thanks",      "should",     "when",
    "out",         "also",      "one",          "into",        "now",        "need",
    "no",          "their",     "may",          "after",       "before",     "project",
    "review",      "report",    "update",       "see",         "get",        "like",
    "some",        "other",     "than",         "could",       "just",       "over",
    "my",          "who",       "how",          "work",        "first",      "customer",
    "Monday",      "Tuesday",   "Wednesday",    "Thursday",    "Friday",     "invoice",
    "order",       "change",    "these",        "two",         "send",       "call",
    "draft",       "office",    "plan",         "date",        "only",       "access",
    "information", "request",   "questions",    "contract",    "budget",     "still",
    "final",       "version",   "document",     "comments",    "tomorrow",   "details",
    "until",       "back",      "sure",         "help",        "due",        "account",
    "data",        "make",      "last",         "service",     "release",    "schedule",
    "status",      "agenda",    "open",         "issue",       "numbers",    "quarter",
    "approval",    "discuss",   "between",      "available",   "those",      "right",
    "without",     "security",  "payment",      "number",      "system",     "support",
    "training",    "page",      "design",       "testing",     "server",     "notes",
    "site",        "travel",    "confirm",      "everyone",    "together",   "quick",
    "proposal",    "figures",   "summary",      "deadline",    "already",    "given",
    "both",        "during",    "each",         "most",        "made",       "since",
    "three",       "following", "management",   "delivery",    "while",      "share",
    "department",  "message",   "hotel",        "flight",      "marketing",  "possible",
    "regarding",   "internal",  "policy",       "additional",  "feedback",   "launch",
    "morning",     "afternoon", "link",         "sales",       "forward",    "reply",
    "looking",     "product",   "hello",        "great",       "action",     "items",
    "register",    "price",     "offer",        "process",     "holiday",    "payroll",
    "interview",   "candidate", "partner",      "supplier",    "warehouse",  "production",
    "maintenance", "outage",    "window",       "backup",      "network",    "printer",
    "licence",     "renewal",   "subscription", "unsubscribe", "newsletter", "conference",
    "speaker",     "workshop",  "presentation", "slides"};

// Rarer words, in their thousands, are put together from these.
constexpr const char* kSyllables[] = {"ac",   "ber", "con", "dal", "en",  "for", "gen", "hol",
                                      "in",   "jor", "kel", "lor", "man", "nor", "os",  "per",
                                      "qui",  "ren", "sol", "ter", "un",  "ver", "wes", "tion",
                                      "ment", "ing", "ed",  "ly",  "er",  "al",  "ous", "ity",
                                      "sta",  "tra", "pro", "com", "de",  "ra",  "li",  "mo"};
constexpr std::size_t kRareWords = 4000;

constexpr const char* kForeign[] = {
    "Grüße aus München, anbei die gewünschten Unterlagen für nächste Woche.",
    "Bitte prüfen Sie die beigefügte Übersicht und geben Sie uns kurz Rückmeldung.",
    "Bonjour à tous, vous trouverez ci-joint le compte rendu de la réunion d'hier.",
    "Pourriez-vous confirmer votre présence à la conférence avant vendredi soir ?",
    "お世話になっております。添付の資料をご確認ください。",
    "来週の会議の日程についてご連絡いたします。よろしくお願いします。",
    "Estimado cliente, su pedido ha sido enviado y llegará en los próximos días.",
    "Dziękuję za wiadomość, odpowiem w ciągu najbliższych dni 🙂"};

constexpr const char* kFirstNames[] = {
    "Adele",  "Alex",   "Allan",   "Ben",       "Christie", "Debra",  "Diego",
    "Emily",  "Enrico", "Grady",   "Henrietta", "Irvin",    "Isaiah", "Johanna",
    "Joni",   "Jöran",  "Lee",     "Lidia",     "Lynne",    "Megan",  "Miriam",
    "Nestor", "Patti",  "Pradeep", "Raúl",      "Søren",    "Zoë",    "Łukasz"};
constexpr const char* kLastNames[] = {
    "Vance",   "Wilber",    "Deyoung", "Walters",  "Cline",   "Berger", "Siciliani",
    "Braun",   "Cattaneo",  "Archie",  "Mueller",  "Sayers",  "Langer", "Lorenz",
    "Sherman", "Öst",       "Gu",      "Holloway", "Robbins", "Bowen",  "Graham",
    "Wilke",   "Fernandez", "Gupta",   "Ibáñez",   "Kjær",    "Nowak"};
constexpr const char* kDomains[] = {"contoso.example",
                                    "contoso.example",
                                    "contoso.example",
                                    "fabrikam.example",
                                    "northwindtraders.example",
                                    "adatum.example",
                                    "notifications.litware.example",
                                    "news.tailspintoys.example"};

// Draws indexes below `count` by Zipf's law.
class Zipf {
 public:
  explicit Zipf(std::size_t count) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      sum += 1.0 / (static_cast<double>(i) + 3.0);
      limits_.push_back(sum);
    }
  }
  std::size_t draw(Random& random) const {
    const double at = random.unit() * limits_.back();
    const auto found = std::lower_bound(limits_.begin(), limits_.end() - 1, at);
    return static_cast<std::size_t>(found - limits_.begin());
  }

 private:
  std::vector<double> limits_;
};

struct Sender {
  std::string name, address;
};

class Mailbox {
 public:
  Mailbox() : by_rank_(std::size(kWords) + kRareWords), by_diligence_(kSenders) {
    for (const char* word : kWords) words_.emplace_back(word);
    for (std::size_t i = 0; i < kRareWords; ++i) {
      std::string word;
      for (std::size_t left = 2 + random_.below(3); left > 0; --left) {
        word += kSyllables[random_.below(std::size(kSyllables))];
      }
      words_.push_back(std::move(word));
    }
    for (std::size_t i = 0; i < kSenders; ++i) senders_.push_back(new_sender(i));
    for (std::size_t i = 0; i < kThreads; ++i) threads_.push_back(new_subject());
  }

  // Newest first, as the service lists messages.
  std::string message() {
    clock_ -= 5 + random_.below(900);
    item_ -= 1 + random_.below(6);
    change_ -= random_.below(2000);
    const Sender& from = senders_[by_diligence_.draw(random_)];
    std::string out = "{\"@odata.etag\":\"W/\\\"CQAAABYAAADXQ2Z8h4m8T6wF3lDeJQgyAA" +
                      base64(change_, 6) + "\\\"\",\"id\":\"" + identifier() + '"';
    out += ",\"receivedDateTime\":\"" + time(clock_) + "\",\"sentDateTime\":\"" +
           time(clock_ - random_.below(5)) + '"';
    out += flag("hasAttachments", 18);
    out += ",\"subject\":\"" + subject() + "\",\"bodyPreview\":\"" + preview(from) + '"';
    out += std::string(",\"importance\":\"") + (random_.percent(4) ? "high" : "normal") + '"';
    out += flag("isRead", 70);
    out += ",\"from\":{\"emailAddress\":{\"name\":\"" + from.name + "\",\"address\":\"" +
           from.address + "\"}}}";
    return out;
  }

 private:
  static constexpr std::size_t kSenders = 400;
  static constexpr std::size_t kThreads = 200;

  static std::string base64(std::uint64_t value, int digits) {
    static constexpr char kAlphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    for (int i = digits - 1; i >= 0; --i) text += kAlphabet[value >> (6 * i) & 63];
    return text;
  }

  // Mailbox and folder make up the front of an id; the item's number and a check stand at its end.
  std::string identifier() {
    return "AAMkAGI1ZTMxYmNlLTY1ZjAtNDNjZC1iMWJkLTU0ZTA5YmM5YjQwYgBGAAAAAADpsG5W3CKFTbWCjsVPl7GLBwD"
           "X"
           "Q2Z8h4m8T6wF3lDeJQgyAAAAAAEMAADXQ2Z8h4m8T6wF3lDeJQgyAAA" +
           base64(item_, 4) + base64(random_.next(), 2) + "AAA=";
  }

  static std::string time(std::uint64_t second) {
    // Months of 28 days keep the arithmetic short and every date valid.
    const std::uint64_t day = second / 86400;
    const std::uint64_t month = day / 28 % 12;
    char text[32];
    std::snprintf(text, sizeof(text), "%04u-%02u-%02uT%02u:%02u:%02uZ",
                  static_cast<unsigned>(2000 + day / 336), static_cast<unsigned>(month + 1),
                  static_cast<unsigned>(day % 28 + 1), static_cast<unsigned>(second / 3600 % 24),
                  static_cast<unsigned>(second / 60 % 60), static_cast<unsigned>(second % 60));
    return text;
  }

  std::string flag(const char* name, std::size_t chance) {
    return std::string(",\"") + name + "\":" + (random_.percent(chance) ? "true" : "false");
  }

  Sender new_sender(std::size_t number) {
    const std::string first = kFirstNames[random_.below(std::size(kFirstNames))];
    const std::string last = kLastNames[random_.below(std::size(kLastNames))];
    const std::string domain = kDomains[random_.below(std::size(kDomains))];
    std::string local;
    for (const char c : first + "." + last) {
      if (static_cast<unsigned char>(c) < 0x80) local += c;
    }
    return {first + ' ' + last, local + std::to_string(number) + '@' + domain};
  }

  std::string word() {
    const std::string& drawn = words_[by_rank_.draw(random_)];
    if (random_.percent(2)) return std::to_string(random_.below(100000));
    return drawn;
  }

  std::string sentence(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += random_.percent(6) ? ", " : " ";
      text += word();
    }
    if (text.front() >= 'a' && text.front() <= 'z')
      text.front() = static_cast<char>(text.front() - 32);
    return text;
  }

  std::string new_subject() { return sentence(3 + random_.below(6)); }

  std::string subject() {
    if (random_.percent(45)) return "RE: " + threads_[random_.below(kThreads)];
    std::string& place = threads_[random_.below(kThreads)];
    place = new_subject();
    return random_.percent(8) ? "FW: " + place : place;
  }

  // Line breaks and quotes are the escapes of a preview.
  std::string preview(const Sender& from) {
    if (random_.percent(2)) return "";
    std::string text;
    if (random_.percent(40)) text = "Hi " + word() + ",\\r\\n";
    if (random_.percent(6)) text += kForeign[random_.below(std::size(kForeign))];
    const std::size_t wanted = random_.percent(70) ? 235 : 30 + random_.below(200);
    while (text.size() < wanted) {
      std::string next = sentence(5 + random_.below(10));
      if (random_.percent(4)) next = "\\\"" + next + "\\\"";
      // The service cuts at 255 characters; a sentence more or less is near enough.
      if (text.size() + next.size() > 253) next.resize(std::min(next.size(), next.find(' ')));
      text += next + (random_.percent(10) ? ".\\r\\n" : ". ");
    }
    if (random_.percent(20)) text += from.name.substr(0, from.name.find(' '));
    return text;
  }

  Random random_;
  std::vector<std::string> words_;
  std::vector<Sender> senders_;
  std::vector<std::string> threads_;
  Zipf by_rank_;
  Zipf by_diligence_;
  std::uint64_t clock_ = std::uint64_t{26} * 336 * 86400;
  std::uint64_t item_ = 16'000'000;
  std::uint64_t change_ = 40'000'000'000;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: bench_pages FOLDER BASE_URL ROWS [PAGE_SIZE]\n");
    return 2;
  }
  const std::string folder = argv[1];
  const std::string base = argv[2];
  const std::uint64_t rows = std::strtoull(argv[3], nullptr, 10);
  const std::uint64_t page_size = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 1000;
  Mailbox mailbox;
  std::uint64_t row = 0;
  for (std::uint64_t page = 1; row < rows; ++page) {
    std::ofstream file(folder + "/" + std::to_string(page) + ".json", std::ios::binary);
    file << "{\"@odata.context\":\"" << base << "/$metadata#users('me')/messages\",\"value\":[";
    for (std::uint64_t i = 0; i < page_size && row < rows; ++i, ++row) {
      if (i > 0) file << ',';
      file << mailbox.message();
    }
    file << ']';
    if (row < rows) file << ",\"@odata.nextLink\":\"" << base << '/' << page + 1 << ".json\"";
    file << '}';
    if (!file.flush()) {
      std::fprintf(stderr, "cannot write page %llu\n", static_cast<unsigned long long>(page));
      return 1;
    }
  }
  return 0;
}
