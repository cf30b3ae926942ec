// What the decoder itself makes of control flow: PTX ISA 9.7.12 (branches, calls) and 9.7.13 (barriers).

#include <algorithm>

#include "ptx/decoder.hpp"
#include "ptx/warp.hpp"

namespace emulator::ptx {
namespace {

void trap(Warp&, const Op&, Lanes lanes) { throw LaneFault{kLaunchFailed, std::countr_zero(lanes), "trap"}; }

void failedAssertion(Warp&, const Op&, Lanes lanes) { throw LaneFault{kAssert, std::countr_zero(lanes), "an assertion failed"}; }

/** Result of bar.red once all threads arrived: the count, or whether any or all of the predicates hold. */
enum Reduction : std::uint8_t { kCount, kAll, kAny };

void reduceBarrier(Warp& warp, const Op& op, Lanes lanes) {
  const std::uint32_t arrived = warp.block->arrived;
  if (op.n == kCount) {
    std::uint32_t values[kWarp];
    std::fill(values, values + kWarp, arrived);
    warp.put(op.d, values, lanes);
    return;
  }
  const bool holds = op.n == kAll ? arrived == warp.block->threads : arrived != 0;
  Lanes& to = warp.predicates[op.d];
  to = holds ? to | lanes : to & ~lanes;
}

}  // namespace

void Decoder::body(const Function& function) {
  calls_.push_back(&function);
  returns_.emplace_back();
  open(false);
  for (const Statement& one : function.body) {
    statement(one);
  }
  close();  // the brace that ends the body closed the scope of the function; this one closes the scope around it
  Statement end;  // a body may end without ret
  end.opcode = "ret";
  end.line = function.body.empty() ? function.line : function.body.back().line;
  if (calls_.size() == 1) {
    emit(end).kind = Op::Kind::kExit;
  }
  for (const std::size_t at : returns_.back()) {
    program_.ops[at].target = static_cast<std::int32_t>(program_.ops.size());
  }
  returns_.pop_back();
  calls_.pop_back();
}

Op& Decoder::emit(const Statement& statement) {
  Op op;
  op.line = statement.line;
  if (!statement.guard.empty()) {
    op.guard = predicate(statement.guard, statement.line);
    op.guardNegated = statement.guardNegated;
  }
  program_.ops.push_back(op);
  program_.texts.emplace_back(statement.opcode);
  return program_.ops.back();
}

void Decoder::instruction(const Statement& statement) {
  Instruction instruction(*this, statement);
  const std::string_view base = instruction.base();
  if (base == "bra") {
    branch(instruction, statement);
  } else if (base == "brx") {
    branchTable(instruction, statement);
  } else if (base == "call") {
    call(instruction, statement);
  } else if (base == "ret" || base == "exit") {
    instruction.take("uni");
    instruction.expectOperands(0, 0);
    leave(statement);
  } else if ((base == "bar" || base == "barrier") && statement.opcode.find(".warp") == std::string_view::npos) {
    barrier(instruction, statement);
  } else if (base == "trap") {
    instruction.expectOperands(0, 0);
    emit(statement).run = trap;
  } else {
    const auto found = opcodes().find(base);
    if (found == opcodes().end()) {
      refuse(statement.line, "unknown opcode: " + std::string(statement.opcode));
    }
    Op op;
    found->second(instruction, op);
    Op& place = emit(statement);
    op.guard = place.guard;
    op.guardNegated = place.guardNegated;
    op.line = place.line;
    place = op;
  }
  instruction.finish();
}

void Decoder::leave(const Statement& statement) {
  Op& op = emit(statement);
  const bool returns = statement.opcode.starts_with("ret") && calls_.size() > 1;
  op.kind = returns ? Op::Kind::kBranch : Op::Kind::kExit;
  if (returns) {
    returns_.back().push_back(program_.ops.size() - 1);
  }
}

void Decoder::branch(Instruction& instruction, const Statement& statement) {
  instruction.take("uni");
  instruction.expectOperands(1, 1);
  emit(statement).kind = Op::Kind::kBranch;
  scopes_.back().fixups.push_back({program_.ops.size() - 1, false, instruction.operand(0).name, statement.line});
}

void Decoder::branchTable(Instruction& instruction, const Statement& statement) {
  if (!instruction.take("idx")) {
    instruction.refuse("only brx.idx is known");
  }
  instruction.take("uni");
  instruction.expectOperands(2, 2);
  const Statement* table = nullptr;
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend() && table == nullptr; ++scope) {
    const auto found = scope->tables.find(instruction.operand(1).name);
    table = found == scope->tables.end() ? nullptr : found->second;
  }
  if (table == nullptr) {
    instruction.refuse("no .branchtargets before it: " + std::string(instruction.operand(1).name));
  }
  const std::int32_t index = instruction.source(0, Type::kU32);
  Op& op = emit(statement);
  op.kind = Op::Kind::kTable;
  op.a = index;
  op.target = static_cast<std::int32_t>(program_.targets.size());
  op.imm = static_cast<std::int64_t>(table->operands.size());
  for (const Operand& label : table->operands) {
    scopes_.back().fixups.push_back({program_.targets.size(), true, label.name, statement.line});
    program_.targets.push_back(0);
  }
}

const Function& Decoder::callee(std::string_view name, int line) {
  const auto found = std::find_if(unit_.functions.begin(), unit_.functions.end(),
                                  [name](const Function& one) { return one.isDefined && !one.isEntry && one.name == name; });
  if (found == unit_.functions.end()) {
    refuse(line, "call of a function without a body: " + std::string(name));
  }
  if (std::find(calls_.begin(), calls_.end(), &*found) != calls_.end()) {
    refuse(line, "recursion is not known: " + std::string(name));
  }
  return *found;
}

void Decoder::call(Instruction& instruction, const Statement& statement) {
  instruction.take("uni");
  instruction.expectOperands(1, 3);
  std::size_t next = 0;
  const std::vector<Operand> none;
  const bool hasResults = instruction.operand(0).kind == Operand::Kind::kList;
  const std::vector<Operand>& results = hasResults ? instruction.operand(next++).parts : none;
  if (next >= instruction.count() || instruction.operand(next).kind != Operand::Kind::kName) {
    instruction.refuse("a call without a function");
  }
  const std::string_view name = instruction.operand(next++).name;
  if (isRegister(name)) {
    instruction.refuse("calls through a register are not known");
  }
  if (name == "__assertfail") {
    emit(statement).run = failedAssertion;
    return;
  }
  const bool hasArguments = next < instruction.count() && instruction.operand(next).kind == Operand::Kind::kList;
  const std::vector<Operand>& arguments = hasArguments ? instruction.operand(next++).parts : none;
  if (next != instruction.count()) {
    instruction.refuse("too many operands");
  }
  const Function& function = callee(name, statement.line);
  Scope scope;
  scope.isFunction = true;
  const auto bind = [&](const std::vector<Operand>& actual, const std::vector<Declaration>& formal) {
    if (actual.size() != formal.size()) {
      instruction.refuse("the number of arguments differs from that of " + std::string(name));
    }
    for (std::size_t i = 0; i < actual.size(); i++) {
      const Symbol* slot = symbol(actual[i].name);
      const std::size_t bytes = bytesOf(formal[i].type) * formal[i].vector * formal[i].count;
      if (slot == nullptr || slot->space != Space::kParam || slot->bytes != bytes) {
        instruction.refuse("not a .param slot of the right size: " + std::string(actual[i].name));
      }
      scope.symbols[formal[i].name] = *slot;
    }
  };
  bind(results, function.results);
  bind(arguments, function.parameters);
  std::size_t skip = SIZE_MAX;
  if (!statement.guard.empty()) {  // lanes without the predicate jump over the inlined body
    Op& op = emit(statement);
    op.kind = Op::Kind::kBranch;
    op.guardNegated = !op.guardNegated;
    skip = program_.ops.size() - 1;
  }
  scopes_.push_back(std::move(scope));
  body(function);
  if (skip != SIZE_MAX) {
    program_.ops[skip].target = static_cast<std::int32_t>(program_.ops.size());
  }
}

void Decoder::barrier(Instruction& instruction, const Statement& statement) {
  instruction.take("cta");
  instruction.take("aligned");
  const bool reduces = instruction.take("red");
  if (!reduces && !instruction.take("sync")) {
    instruction.refuse("only bar.sync, bar.red and bar.warp.sync are known");
  }
  Op op;
  std::size_t next = 0;
  if (reduces) {
    op.run = reduceBarrier;
    const int kind = instruction.takeOne({"popc", "and", "or"});
    if (kind < 0) {
      instruction.refuse("bar.red needs .popc, .and or .or");
    }
    op.n = static_cast<std::uint8_t>(kind);
    instruction.takeType({kind == kCount ? Type::kU32 : Type::kPred});
    instruction.expectOperands(3, 4);
    op.d = kind == kCount ? instruction.target(next++, Type::kU32) : instruction.predicate(instruction.operand(next++).name);
    const Operand& last = instruction.operand(instruction.count() - 1);
    op.p = instruction.predicate(last.name);
    op.negated = last.negated;
  } else {
    instruction.expectOperands(1, 2);
  }
  op.a = instruction.source(next++, Type::kU32);
  const bool hasThreads = next + (reduces ? 1U : 0U) < instruction.count();
  op.flags = hasThreads ? 1 : 0;
  op.b = hasThreads ? instruction.source(next, Type::kU32) : 0;
  Op& place = emit(statement);
  op.kind = Op::Kind::kBarrier;
  op.guard = place.guard;
  op.guardNegated = place.guardNegated;
  op.line = place.line;
  place = op;
}

}  // namespace emulator::ptx
