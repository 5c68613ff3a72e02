// The little web server that the browser is sent back to (RFC 8252 7.3): on loopback only, for one
// answer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "graph/oauth/authorization_answer.h"

namespace graphodbc::graph {

class LoopbackListener {
 public:
  // True for http addresses of this machine, the only ones it can listen at.
  static bool can_serve(std::string_view return_url);

  // Listens at once: at 127.0.0.1 and ::1 for localhost, else at the one address; at the port of
  // `return_url`, or at a free one when it names none. Throws Error 08001.
  explicit LoopbackListener(std::string_view return_url);
  ~LoopbackListener();
  LoopbackListener(const LoopbackListener&) = delete;
  LoopbackListener& operator=(const LoopbackListener&) = delete;

  // return_url with the port put in; otherwise byte for byte the same.
  const std::string& redirect_uri() const;

  // Whether an answer is to the request of this sign-in.
  using AnswerCheck = std::function<bool(const AuthorizationAnswer&)>;

  // Waits for the browser and answers it with a page. Passed over are requests that are no answer
  // (404) and answers that `belongs` disowns (400): anybody can send the browser here (RFC 8252
  // 8.9). nullopt when `keep_waiting`, asked several times a second, says false. Closes afterwards.
  std::optional<AuthorizationAnswer> wait(const AnswerCheck& belongs,
                                          const std::function<bool()>& keep_waiting);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace graphodbc::graph
