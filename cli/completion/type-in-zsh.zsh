# Types a line and a tab into a zsh of its own, on a terminal, and prints what that shows.
# type-in-zsh.zsh FOLDER LINE; the folder holds mall.zsh
zmodload zsh/zpty
zpty shell zsh -f -i
# What is typed before the line is edited would be taken as it stands, tabs and all.
zpty -w shell 'zle-line-init() { print -n IS-${:-EDITED} }; zle -N zle-line-init; PROMPT=; unsetopt LIST_AMBIGUOUS'
zpty -r -m shell seen '*IS-EDITED*'
zpty -w shell "autoload -Uz compinit; compinit -u -d $1/dump; source $1/mall.zsh"
zpty -r -m shell seen '*IS-EDITED*'
zpty -w -n shell "$2"$'\t'
# The line is thrown away; what is typed next is dealt with after the tab.
zpty -w shell $'\x15print IS-${:-DONE}'
zpty -r -m shell shown '*IS-DONE*'
print -r -- "$shown"
zpty -d shell
