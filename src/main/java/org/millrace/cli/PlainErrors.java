package org.millrace.cli;

import java.io.PrintWriter;
import org.millrace.app.SettingsFaultsException;
import org.millrace.app.StartException;
import org.millrace.journal.JournalException;
import org.millrace.mapping.RuleFaultsException;
import org.millrace.replay.CaseFaultException;
import picocli.CommandLine;

/**
 * Says in plain lines why a command could not do its work; where the fault is ours, its class and
 * place.
 */
final class PlainErrors implements CommandLine.IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(
      Exception fault, CommandLine commandLine, CommandLine.ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    if (fault instanceof SettingsFaultsException settings) {
      print(err, settings.faults());
    } else if (fault instanceof RuleFaultsException rules) {
      err.println("millrace: these mapping files need mending:");
      rules.faults().forEach(each -> err.println("  mappings/" + each));
    } else if (fault instanceof CaseFaultException cases) {
      err.println("millrace: these cases need mending:");
      cases.faults().forEach(each -> err.println("  " + each));
    } else if (fault instanceof StartException
        || fault instanceof PlainException
        || fault instanceof JournalException) {
      err.println("millrace: " + fault.getMessage());
    } else {
      // The class and the place: a message could be quoted in the text.
      StackTraceElement[] trace = fault.getStackTrace();
      err.println(
          "millrace: this should not have happened ("
              + fault.getClass().getName()
              + (trace.length == 0 ? "" : " at " + trace[0])
              + "); please report it.");
    }
    return Millrace.NOT_STARTED;
  }

  /** Faults of settings, each with its place. */
  static void print(PrintWriter err, Iterable<?> faults) {
    err.println("millrace: these settings need mending:");
    faults.forEach(each -> err.println("  " + each));
  }
}
