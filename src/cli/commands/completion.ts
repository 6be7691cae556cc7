import type { Command, Option } from 'commander';
import type { NamesOf } from './names-of.js';

export type Shell = 'bash' | 'zsh' | 'fish';

/**
 * A completion script, made from the program's own commands and options, so that it cannot fall behind them. Names of the
 * project are asked for with `ambit names` when they are needed.
 */
export function completionScript(program: Command, shell: Shell): string {
  const visible = program.createHelp().visibleCommands(program);
  const commands = program.commands
    .filter((command) => visible.includes(command))
    .map((command) => described(command, program));
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** The words that its argument can be; empty where it is a path, a name of the project, or free text. */
  readonly choices: readonly string[];
  /** Which names of the project its argument can be. */
  readonly names: NamesOf | undefined;
}

interface OptionWords {
  /** `-o`, `--output` */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  readonly names: NamesOf | undefined;
}

/** Which names of the project an option takes. */
const namesOfOptions: Readonly<Record<string, NamesOf>> = {
  '--namespace': 'namespaces',
  '--cluster': 'clusters',
  '--from': 'callers',
  '--to': 'destinations',
};

/** Which names of the project a command takes. */
const namesOfCommands: Readonly<Record<string, NamesOf>> = {
  verify: 'objects',
  topology: 'objects',
  explain: 'subjects',
};

function described(command: Command, program: Command): CommandWords {
  return {
    name: command.name(),
    description: command.description(),
    options: [...command.options, ...program.options].map(optionWords),
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    names: namesOfCommands[command.name()],
  };
}

function optionWords({ short, long, description, required, argChoices }: Option): OptionWords {
  const flags = [short, long].filter((flag) => flag !== undefined && flag !== null);
  const choices = argChoices ?? [];
  const names = choices.length > 0 ? undefined : namesOfOptions[long ?? ''];
  return { flags, description, takesValue: required, choices, names };
}

function bashScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name);
  const values = commands.flatMap(({ name, options }) =>
    options.filter(({ takesValue }) => takesValue).map((option) => bashValue(name, option)),
  );
  const words = commands.map(({ name, options, choices, names: own }) => {
    const list = [...choices, ...options.flatMap(({ flags }) => flags), '--help'].join(' ');
    return `    ${name}) words='${list}'${own === undefined ? '' : ` names=${own}`} ;;`;
  });
  return `# bash completion for ambit: source <(ambit completion bash)
_ambit() {
  # Bash splits words at colons, which are part of our names: the line says how they were typed.
  local line="\${COMP_LINE:0:COMP_POINT}" command='' word words names=''
  local -a typed
  read -r -a typed <<< "$line"
  [[ "$line" != *[[:space:]] ]] || typed+=('')
  local count=\${#typed[@]}
  local current="\${typed[count-1]}" previous="\${typed[count-2]}"
  for word in "\${typed[@]:1:count-2}"; do
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
  [[ -n "$command" && "$current" != -* ]] || return
  if [[ -n "$names" ]]; then _ambit_names "$names"; else COMPREPLY+=($(compgen -f -- "$current")); fi
}
_ambit_names() {
  local typed="" name
  [[ "$COMP_WORDBREAKS" != *:* ]] || typed="\${current%"\${current##*:}"}"
  while IFS= read -r name; do
    [[ "$name" != "$current"* ]] || COMPREPLY+=("\${name#"$typed"}")
  done < <(ambit names "$1" 2>/dev/null)
}
complete -o filenames -F _ambit ambit
`;
}

function bashValue(command: string, { flags, choices, names }: OptionWords): string {
  const patterns = flags.map((flag) => `"${command} ${flag}"`).join('|');
  if (names !== undefined) return `    ${patterns}) _ambit_names ${names}; return ;;`;
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
_ambit_names() {
  local -a names
  names=(\${(f)"$(ambit names $1 2>/dev/null)"})
  compadd -a names
}
# As a file that is read at the first completion it has to answer that one as well.
if [[ "\${funcstack[1]}" = _ambit ]]; then _ambit "$@"; else compdef _ambit ambit; fi
`;
}

function zshArguments({ options, choices, names }: CommandWords): string[] {
  const specifications = options.flatMap(({ flags, description, takesValue, ...values }) => {
    const text = description.replace(/[[\]:]/g, '\\$&');
    const value = takesValue ? `:value:${zshValues(values)}` : '';
    return flags.map((flag) => zshQuoted(`*${flag}[${text}]${value}`));
  });
  return [...specifications, zshQuoted(`*:argument:${zshValues({ choices, names })}`)];
}

function zshValues({ choices, names }: Pick<OptionWords, 'choices' | 'names'>): string {
  if (names !== undefined) return `{_ambit_names ${names}}`;
  return choices.length > 0 ? `(${choices.join(' ')})` : '_files';
}

function zshQuoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}

function fishScript(commands: readonly CommandWords[]): string {
  const names = commands.map(
    ({ name, description }) => `complete -c ambit -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(description)}`,
  );
  const details = commands.flatMap(({ name, options, choices, names: own }) => {
    const start = `complete -c ambit -n '__fish_seen_subcommand_from ${name}'`;
    const words = choices.length > 0 ? [`${start} -f -a '${choices.join(' ')}'`] : [];
    const known = own === undefined ? [] : [`${start} -f -a '(ambit names ${own} 2>/dev/null)'`];
    return [...words, ...known, ...options.map((option) => `${start}${fishOption(option)}`)];
  });
  return ['# fish completion for ambit', ...names, ...details, ''].join('\n');
}

function fishOption({ flags, description, takesValue, ...values }: OptionWords): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join('');
  return `${names}${takesValue ? fishValues(values) : ''} -d ${fishQuoted(description)}`;
}

function fishValues({ choices, names }: Pick<OptionWords, 'choices' | 'names'>): string {
  if (names !== undefined) return ` -x -a '(ambit names ${names} 2>/dev/null)'`;
  return choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : ' -r';
}

function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
