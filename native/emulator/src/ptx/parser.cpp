#include <algorithm>
#include <bit>

#include "device/fault.hpp"
#include "ptx/lexer.hpp"
#include "ptx/syntax.hpp"

namespace emulator::ptx {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(tokenize(text)) {}

  Unit run() {
    Unit unit;
    while (peek().kind != Token::Kind::kEnd) {
      topLevel(unit);
    }
    return unit;
  }

 private:
  const Token& peek(std::size_t ahead = 0) const { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }
  const Token& next() { return tokens_[std::min(at_++, tokens_.size() - 1)]; }
  bool is(std::string_view text) const { return peek().text == text && peek().kind != Token::Kind::kString; }

  bool accept(std::string_view text) {
    if (!is(text)) {
      return false;
    }
    at_++;
    return true;
  }

  void expect(std::string_view text) {
    if (!accept(text)) {
      refuse(peek().line, "expected '" + std::string(text) + "' but found '" + std::string(peek().text) + "'");
    }
  }

  std::string_view word() {
    if (peek().kind != Token::Kind::kWord) {
      refuse(peek().line, "expected a name but found '" + std::string(peek().text) + "'");
    }
    return next().text;
  }

  std::uint64_t integer() {
    const bool minus = accept("-");
    if (peek().kind != Token::Kind::kInteger) {
      refuse(peek().line, "expected an integer but found '" + std::string(peek().text) + "'");
    }
    const std::uint64_t value = next().bits;
    return minus ? 0 - value : value;
  }

  // ---- top level: PTX ISA 5 and 11

  void topLevel(Unit& unit) {
    if (accept(".version")) {
      next();
    } else if (accept(".target")) {
      do {
        word();
      } while (accept(","));
    } else if (accept(".address_size")) {
      if (const int line = peek().line; integer() != 64) {
        refuse(line, "only .address_size 64 is known");
      }
    } else if (accept(".section")) {
      skipSection();
    } else if (accept(".pragma")) {
      skipPragma();
    } else {
      bool isExtern = false;
      while (is(".visible") || is(".weak") || is(".common") || is(".extern")) {
        isExtern |= is(".extern");
        at_++;
      }
      if (is(".entry") || is(".func")) {
        unit.functions.push_back(function());
      } else {
        declaration(unit.variables, isExtern);
      }
    }
  }

  void skipSection() {  // debugging information: .section .debug_x { ... }
    next();
    expect("{");
    for (int depth = 1; depth > 0;) {
      if (peek().kind == Token::Kind::kEnd) {
        refuse(peek().line, "a .section does not end");
      }
      depth += is("{") ? 1 : is("}") ? -1 : 0;
      at_++;
    }
  }

  void skipPragma() {
    while (!accept(";")) {
      if (next().kind == Token::Kind::kEnd) {
        refuse(peek().line, "a .pragma does not end");
      }
    }
  }

  Function function() {
    Function function;
    function.line = peek().line;
    function.isEntry = next().text == ".entry";
    if (!function.isEntry && is("(")) {
      parameters(function.results);
    }
    function.name = word();
    if (is("(")) {
      parameters(function.parameters);
    }
    for (;;) {
      if (accept(".maxntid") || accept(".reqntid")) {
        std::uint64_t threads = integer();
        while (accept(",")) {
          threads *= integer();
        }
        function.maxThreads = static_cast<std::uint32_t>(threads);
      } else if (accept(".minnctapersm") || accept(".maxnreg") || accept(".maxnctapersm")) {
        integer();
      } else if (accept(".pragma")) {
        skipPragma();
      } else if (!accept(".noreturn")) {
        break;
      }
    }
    if (accept(";")) {
      return function;
    }
    expect("{");
    function.isDefined = true;
    body(function.body);
    return function;
  }

  void parameters(std::vector<Declaration>& list) {
    expect("(");
    while (!accept(")")) {
      declaration(list, false, true);
      if (!is(")")) {
        expect(",");
      }
    }
  }

  // ---- declarations: PTX ISA 5.4

  /** One directive may declare several names: .reg .b32 a, b; */
  void declaration(std::vector<Declaration>& list, bool isExtern, bool isParameter = false) {
    Declaration base;
    base.isExtern = isExtern;
    base.line = peek().line;
    base.space = space();
    typeOf(base);
    do {
      Declaration one = base;
      if (peek().kind == Token::Kind::kWord || !isParameter) {
        one.name = word();
      }
      shape(one);
      if (accept("=")) {
        initial(one);
      }
      list.push_back(std::move(one));
    } while (!isParameter && accept(","));
    if (!isParameter) {
      expect(";");
    }
  }

  Space space() {
    const Token& token = next();
    constexpr std::pair<std::string_view, Space> kSpaces[] = {{".reg", Space::kReg},       {".global", Space::kGlobal},
                                                              {".const", Space::kConst},   {".shared", Space::kShared},
                                                              {".local", Space::kLocal},   {".param", Space::kParam}};
    for (const auto& [name, space] : kSpaces) {
      if (token.text == name) {
        return space;
      }
    }
    refuse(token.line, "unknown directive: " + std::string(token.text));
  }

  void typeOf(Declaration& declaration) {
    while (peek().kind == Token::Kind::kDirective) {
      const Token& token = next();
      const std::string_view name = token.text.substr(1);
      if (name == "align") {
        declaration.alignment = integer();
      } else if (name == "v2" || name == "v4") {
        declaration.vector = name == "v2" ? 2 : 4;
      } else if (name == "ptr" && declaration.space == Space::kParam) {
        pointer();
      } else if (name == "pred" || bytesOf(name) != 0) {
        declaration.type = name;
      } else {
        refuse(token.line, "unknown type: " + std::string(token.text));
      }
    }
    if (declaration.type.empty()) {
      refuse(declaration.line, "a declaration without a type");
    }
  }

  void pointer() {  // .ptr .global .align 16: a promise about what the parameter points to
    while (is(".global") || is(".const") || is(".shared") || is(".local")) {
      at_++;
    }
    if (accept(".align")) {
      integer();
    }
  }

  void shape(Declaration& declaration) {
    if (accept("<")) {
      declaration.parameterised = true;
      declaration.count = integer();
      expect(">");
    }
    while (accept("[")) {
      declaration.isArray = true;
      if (accept("]")) {
        declaration.isUnsized = true;
        declaration.count = 0;
        continue;
      }
      declaration.count *= integer();
      expect("]");
    }
  }

  void initial(Declaration& declaration) {
    if (!accept("{")) {
      declaration.initial.push_back(initialValue());
      return;
    }
    while (!accept("}")) {
      if (is("{")) {  // rows of an array of several dimensions may be given complete
        initial(declaration);
      } else {
        declaration.initial.push_back(initialValue());
      }
      if (!is("}")) {
        expect(",");
      }
    }
    if (declaration.isUnsized) {
      declaration.count = declaration.initial.size();
    } else if (declaration.initial.size() > declaration.count) {
      refuse(declaration.line, "more initial values than elements: " + std::string(declaration.name));
    }
  }

  Initial initialValue() {
    Initial value;
    if (peek().kind == Token::Kind::kWord) {
      const bool generic = accept("generic");
      if (generic) {
        expect("(");
      }
      value.symbol = word();
      if (generic) {
        expect(")");
      }
      if (accept("+")) {
        value.offset = static_cast<std::int64_t>(integer());
      }
      return value;
    }
    const Operand operand = number();
    value.isReal = operand.kind == Operand::Kind::kReal;
    value.bits = operand.bits;
    value.width = operand.width;
    return value;
  }

  // ---- bodies

  void body(std::vector<Statement>& list) {
    for (int depth = 1; depth > 0;) {
      Statement statement;
      statement.line = peek().line;
      if (peek().kind == Token::Kind::kEnd) {
        refuse(peek().line, "a body does not end");
      } else if (accept("{")) {
        statement.kind = Statement::Kind::kOpen;
        depth++;
      } else if (accept("}")) {
        statement.kind = Statement::Kind::kClose;
        depth--;
      } else if (accept(".pragma")) {
        skipPragma();
        continue;
      } else if (accept(";")) {
        continue;
      } else if (peek().kind == Token::Kind::kDirective) {
        inBody(list);
        continue;
      } else if (peek().kind == Token::Kind::kWord && peek(1).text == ":") {
        statement.kind = Statement::Kind::kLabel;
        statement.opcode = word();
        expect(":");
      } else {
        instruction(statement);
      }
      list.push_back(std::move(statement));
    }
  }

  void inBody(std::vector<Statement>& list) {
    const int line = peek().line;
    if (accept(".branchtargets")) {  // belongs to the label before it
      Statement statement;
      statement.kind = Statement::Kind::kTargets;
      statement.line = line;
      do {
        statement.operands.push_back(operand());
      } while (accept(","));
      expect(";");
      list.push_back(std::move(statement));
      return;
    }
    const bool isExtern = accept(".extern");
    std::vector<Declaration> declared;
    declaration(declared, isExtern);
    for (Declaration& one : declared) {
      Statement statement;
      statement.kind = Statement::Kind::kDeclaration;
      statement.line = line;
      statement.declaration = std::move(one);
      list.push_back(std::move(statement));
    }
  }

  void instruction(Statement& statement) {
    if (accept("@")) {
      statement.guardNegated = accept("!");
      statement.guard = word();
    }
    statement.opcode = word();
    if (accept(";")) {
      return;
    }
    do {
      statement.operands.push_back(operand());
    } while (accept(","));
    expect(";");
  }

  // ---- operands: PTX ISA 6

  Operand operand() {
    Operand operand;
    if (accept("[")) {
      return address();
    }
    if (is("{") || is("(")) {
      const std::string_view close = is("{") ? "}" : ")";
      operand.kind = is("{") ? Operand::Kind::kVector : Operand::Kind::kList;
      at_++;
      while (!accept(close)) {
        operand.parts.push_back(this->operand());
        if (!is(close)) {
          expect(",");
        }
      }
      return operand;
    }
    if (accept("!")) {
      operand.negated = true;
    }
    if (peek().kind == Token::Kind::kWord) {
      operand.name = next().text;
      if (accept("|")) {
        operand.second = word();
      }
      operand.offset = offset();
      return operand;
    }
    return number();
  }

  Operand address() {
    Operand operand;
    operand.kind = Operand::Kind::kAddress;
    if (peek().kind == Token::Kind::kWord) {
      operand.name = next().text;
      operand.offset = offset();
    } else {
      operand.offset = static_cast<std::int64_t>(integer());
    }
    expect("]");
    return operand;
  }

  std::int64_t offset() {
    if (accept("+")) {
      return static_cast<std::int64_t>(integer());
    }
    return is("-") ? static_cast<std::int64_t>(integer()) : 0;
  }

  Operand number() {
    Operand operand;
    const bool minus = accept("-");
    const Token& token = next();
    operand.bits = token.bits;
    operand.width = token.width;
    if (token.kind == Token::Kind::kInteger) {
      operand.kind = Operand::Kind::kInteger;
      operand.bits = minus ? 0 - token.bits : token.bits;
    } else if (token.kind == Token::Kind::kReal) {
      operand.kind = Operand::Kind::kReal;
      if (minus) {
        operand.bits ^= std::uint64_t{1} << (8 * token.width - 1);
      }
    } else {
      refuse(token.line, "expected an operand but found '" + std::string(token.text) + "'");
    }
    return operand;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

Unit parse(std::string_view text) { return Parser(text).run(); }

void refuse(int line, const std::string& what) {
  throw Fault(kInvalidPtx, "PTX line " + std::to_string(line) + ": " + what);
}

std::size_t bytesOf(std::string_view type) {
  if (type == "bf16") {
    return 2;
  }
  if (type == "f16x2" || type == "bf16x2") {
    return 4;
  }
  if (type.size() < 2 || std::string_view("busf").find(type[0]) == std::string_view::npos) {
    return 0;
  }
  const std::string_view bits = type.substr(1);
  const std::size_t bytes = bits == "8" ? 1 : bits == "16" ? 2 : bits == "32" ? 4 : bits == "64" ? 8 : 0;
  return type == "f8" ? 0 : bytes;
}

}  // namespace emulator::ptx
