package org.millrace.cli;

import java.io.PrintWriter;
import java.util.List;
import org.millrace.journal.CodeFilter;
import org.millrace.journal.CodeInMessage;
import org.millrace.journal.CodeStore;
import org.millrace.journal.OperatorVerb;
import picocli.CommandLine.Command;

@Command(
    name = "retry",
    mixinStandardHelpOptions = true,
    exitCodeList = "1:The engine refused one of those that were waited for; the reason is printed.",
    description = {
      "Try messages again that were held for codes which are known now.",
      "Only messages of which every such code is known. The engine reads mapping files when it starts: restart it first."
    })
final class CodesRetry extends CodesRequest {
  @Override
  OperatorVerb verb() {
    return OperatorVerb.RETRY_MENDED;
  }

  @Override
  List<CodeInMessage> candidates(CodeStore codes, CodeFilter filter) {
    return codes.holding(filter);
  }

  @Override
  boolean isReady(int known, int codes) {
    return known == codes;
  }

  @Override
  String nothingToDo() {
    return "no held message has all its codes known";
  }

  @Override
  boolean tell(Asked asked, PrintWriter out) {
    out.println(asked.before().summary().id() + ": queued");
    return true;
  }
}
