import type { Command, Option } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish';

/** A static completion script, made from the program's own commands and options, so that it cannot fall behind them. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.map((command) => described(command, program));
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** The words that its argument can be; empty where it is a path or free text. */
  readonly choices: readonly string[];
}

interface OptionWords {
  /** `-o`, `--output` */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

function described(command: Command, program: Command): CommandWords {
  return {
    name: command.name(),
    description: command.description(),
    options: [...command.options, ...program.options].map(optionWords),
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
}

function optionWords({ short, long, description, required, argChoices }: Option): OptionWords {
  const flags = [short, long].filter((flag) => flag !== undefined && flag !== null);
  return { flags, description, takesValue: required, choices: argChoices ?? [] };
}

function bashScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name);
  const values = commands.flatMap(({ name, options }) =>
    options.filter(({ takesValue }) => takesValue).map((option) => bashValue(name, option)),
  );
  const words = commands.map(({ name, options, choices }) => {
    const list = [...choices, ...options.flatMap(({ flags }) => flags), '--help'].join(' ');
    return `    ${name}) words='${list}' ;;`;
  });
  return `# bash completion for ambit: source <(ambit completion bash)
_ambit() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in ${names.join('|')}) command="$word"; break ;; esac
  done
  case "$command $previous" in
${values.join('\n')}
  esac
  case "$command" in
    '') words='${[...names, '--help', '--version'].join(' ')}' ;;
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ -n "$command" && "$current" != -* ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _ambit ambit
`;
}

function bashValue(command: string, { flags, choices }: OptionWords): string {
  const patterns = flags.map((flag) => `"${command} ${flag}"`).join('|');
  const source = choices.length > 0 ? `-W '${choices.join(' ')}'` : '-f';
  return `    ${patterns}) COMPREPLY=($(compgen ${source} -- "$current")); return ;;`;
}

function zshScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name, description }) => `    ${zshQuoted(`${name}:${description}`)}`);
  const cases = commands.map((command) => `      ${command.name}) _arguments ${zshArguments(command).join(' ')} ;;`);
  return `#compdef ambit
# zsh completion for ambit: ambit completion zsh > "\${fpath[1]}/_ambit"
_ambit() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  local state
  _arguments -C '--help[print help]' '--version[print the version]' '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
${cases.map((line) => `  ${line}`).join('\n')}
      esac ;;
  esac
}
compdef _ambit ambit
`;
}

function zshArguments({ options, choices }: CommandWords): string[] {
  const specifications = options.flatMap(({ flags, description, takesValue, choices: values }) => {
    const text = description.replace(/[[\]:]/g, '\\$&');
    const value = takesValue ? `:value:${values.length > 0 ? `(${values.join(' ')})` : '_files'}` : '';
    return flags.map((flag) => zshQuoted(`*${flag}[${text}]${value}`));
  });
  return [...specifications, zshQuoted(`*:argument:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}`)];
}

function zshQuoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

function fishScript(commands: readonly CommandWords[]): string {
  const names = commands.map(
    ({ name, description }) => `complete -c ambit -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(description)}`,
  );
  const details = commands.flatMap(({ name, options, choices }) => {
    const start = `complete -c ambit -n '__fish_seen_subcommand_from ${name}'`;
    const words = choices.length > 0 ? [`${start} -f -a '${choices.join(' ')}'`] : [];
    return [...words, ...options.map((option) => `${start}${fishOption(option)}`)];
  });
  return ['# fish completion for ambit', ...names, ...details, ''].join('\n');
}

function fishOption({ flags, description, takesValue, choices }: OptionWords): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join('');
  const value = choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : ' -r';
  return `${names}${takesValue ? value : ''} -d ${fishQuoted(description)}`;
}

function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
