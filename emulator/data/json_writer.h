// JSON text written straight into a string, without a document in memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "emulator/data/clock.h"

namespace graphodbc::emulator::data {

class JsonWriter {
 public:
  // Appends to `out`, which must outlive the writer.
  explicit JsonWriter(std::string& out) : out_(out) {}

  // With `on`, characters outside ASCII are written as \uXXXX (and surrogate pairs), as some of
  // Graph's services do; readers must take both.
  void escape_non_ascii(bool on) { ascii_ = on; }

  void begin_object() {
    separate();
    out_ += '{';
  }
  void end_object() { out_ += '}'; }
  void begin_array() {
    separate();
    out_ += '[';
  }
  void end_array() { out_ += ']'; }

  // `name` is written as it is: the caller's names need no escapes.
  void key(std::string_view name) {
    separate();
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }

  // UTF-8, in which a lone surrogate may stand as three bytes (see utf16_prefix).
  void string(std::string_view text);
  // ASCII known to need no escape: ids, base64, enum members.
  void plain(std::string_view text) {
    separate();
    out_ += '"';
    out_ += text;
    out_ += '"';
  }
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void integer(std::int64_t value) { raw(std::to_string(value)); }
  void null() { raw("null"); }
  void instant(Ticks ticks) {
    separate();
    out_ += '"';
    append_instant(out_, ticks);
    out_ += '"';
  }
  // Ready JSON.
  void raw(std::string_view json) {
    separate();
    out_ += json;
  }

  void member(std::string_view name, std::string_view text) {
    key(name);
    string(text);
  }
  void member(std::string_view name, bool value) {
    key(name);
    boolean(value);
  }
  // Without these a literal would become the bool overload.
  void member(std::string_view name, const char* text) {
    key(name);
    string(text);
  }
  void number(std::string_view name, std::int64_t value) {
    key(name);
    integer(value);
  }

  std::string& out() { return out_; }

 private:
  // The last byte written tells whether a comma is due: values never end in one of these three.
  void separate() {
    if (out_.empty()) return;
    const char last = out_.back();
    if (last != '{' && last != '[' && last != ':') out_ += ',';
  }

  std::string& out_;
  bool ascii_ = false;
};

}  // namespace graphodbc::emulator::data
