// Writes the pages of a messages collection as files, for a static web server:
//   bench_pages FOLDER BASE_URL ROWS [PAGE_SIZE]
// Page 1 is FOLDER/1.json; its nextLink is BASE_URL/2.json, and so on. Deterministic.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

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

 private:
  std::uint64_t state_ = 42;
};

constexpr const char* kWords[] = {
    "quarterly", "invoice",  "meeting", "review", "budget",  "travel",     "customer", "contract",
    "update",    "schedule", "release", "design", "grüße",   "résumé",     "weekly",   "report",
    "approval",  "training", "status",  "action", "request", "project",    "launch",   "holiday",
    "payroll",   "security", "notice",  "新しい", "plan",    "\\\"Q3\\\"", "figures",  "summary"};
constexpr const char* kPeople[] = {"Adele Vance",  "Alex Wilber",   "Diego Siciliani",
                                   "Grady Archie", "Isaiah Langer", "Jöran Öst",
                                   "Lee Gu",       "Megan Bowen"};
constexpr const char* kAddresses[] = {"adelev",  "alexw", "diegos", "gradya",
                                      "isaiahl", "joran", "leeg",   "meganb"};
constexpr const char* kImportance[] = {"normal", "normal", "normal", "high", "low"};

std::string words(Random& random, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += kWords[random.below(std::size(kWords))];
  }
  return text;
}

std::string identifier(Random& random) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  // The front of an id names the mailbox and folder; only the end differs between items.
  std::string id = "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0AaJ3pYjSgXEK4ngvLhPKPXgAAAAAMAAB";
  for (int i = 0; i < 18; ++i) id += kAlphabet[random.below(64)];
  return id + "AA=";
}

std::string message(Random& random, std::uint64_t row) {
  const std::size_t person = random.below(std::size(kPeople));
  const std::uint64_t second = row * 37;
  char time[40];
  std::snprintf(time, sizeof(time), "2026-%02u-%02uT%02u:%02u:%02uZ",
                static_cast<unsigned>(12 - second / 2592000 % 12),
                static_cast<unsigned>(28 - second / 86400 % 28),
                static_cast<unsigned>(23 - second / 3600 % 24),
                static_cast<unsigned>(59 - second / 60 % 60),
                static_cast<unsigned>(59 - second % 60));
  std::string out = "{\"@odata.etag\":\"W/\\\"CQAAABYAAABondiNKBcQrieC8uE8o9eAA" +
                    std::to_string(row) + "\\\"\",\"id\":\"" + identifier(random) + "\"";
  out += ",\"receivedDateTime\":\"" + std::string(time) + "\",\"sentDateTime\":\"" + time + "\"";
  out += std::string(",\"hasAttachments\":") + (random.below(5) == 0 ? "true" : "false");
  out += ",\"subject\":\"" + words(random, 3 + random.below(6)) + "\"";
  out += ",\"bodyPreview\":\"" + words(random, 12 + random.below(18)) + "\\r\\n\"";
  out +=
      std::string(",\"importance\":\"") + kImportance[random.below(std::size(kImportance))] + "\"";
  out += std::string(",\"isRead\":") + (random.below(3) == 0 ? "false" : "true");
  out += std::string(",\"from\":{\"emailAddress\":{\"name\":\"") + kPeople[person] +
         "\",\"address\":\"" + kAddresses[person] + "@contoso.example\"}}}";
  return out;
}

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
  Random random;
  std::uint64_t row = 0;
  for (std::uint64_t page = 1; row < rows; ++page) {
    std::ofstream file(folder + "/" + std::to_string(page) + ".json", std::ios::binary);
    file << "{\"@odata.context\":\"" << base << "/$metadata#users('me')/messages\",\"value\":[";
    for (std::uint64_t i = 0; i < page_size && row < rows; ++i, ++row) {
      if (i > 0) file << ',';
      file << message(random, row);
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
