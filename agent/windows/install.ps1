<#
.SYNOPSIS
Installs, upgrades or removes the mt5fleet agent (docs/agent-windows.md).

.DESCRIPTION
To be run as administrator, in a folder that holds mt5fleet-agent.exe. The
agent is a task that starts when the user of the terminals logs on, for it
starts terminals and those need a desktop. Running this again upgrades: the
settings, the token and the certificate stay.

.EXAMPLE
.\install.ps1 -Coordinator 203.0.113.10 -Address 198.51.100.7

.EXAMPLE
.\install.ps1 -Uninstall
#>
[CmdletBinding()]
param(
	# The coordinator's addresses: the firewall lets nobody else in.
	[string[]] $Coordinator,
	# By which the coordinator reaches this machine: they go into the
	# certificate, and the first one into the entry for nodes.json.
	[string[]] $Address = @(),
	[string] $Name = $env:COMPUTERNAME,
	[ValidateRange(1, 65535)] [int] $Port = 8000,
	# Who runs the terminals.
	[string] $User = "$env:USERDOMAIN\$env:USERNAME",
	[switch] $Uninstall,
	# With -Uninstall: settings, token, certificate and log go, too.
	[switch] $Purge
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$Task = 'mt5fleet-agent'
$ProgramDir = Join-Path $env:ProgramFiles 'mt5fleet'
$DataDir = Join-Path $env:ProgramData 'mt5fleet'
$Exe = Join-Path $ProgramDir 'mt5fleet-agent.exe'
$Settings = Join-Path $DataDir 'agent.env'
$Log = Join-Path $DataDir 'agent.log'

function Assert-Administrator {
	$me = [Security.Principal.WindowsPrincipal] `
		[Security.Principal.WindowsIdentity]::GetCurrent()
	$role = [Security.Principal.WindowsBuiltInRole]::Administrator
	if (-not $me.IsInRole($role)) {
		throw 'Right-click PowerShell, Run as administrator, and try again.'
	}
}

function Invoke-Checked([string] $Program, [string[]] $Arguments) {
	& $Program @Arguments
	if ($LASTEXITCODE -ne 0) {
		throw "$Program ended with $LASTEXITCODE"
	}
}

# It keeps nothing that is not in a file already: it may be ended at any time.
function Stop-Agent {
	if (Get-ScheduledTask -TaskName $Task -ErrorAction SilentlyContinue) {
		Disable-ScheduledTask -TaskName $Task | Out-Null
		Stop-ScheduledTask -TaskName $Task
	}
	Get-Process -Name 'mt5fleet-agent' -ErrorAction SilentlyContinue |
		Where-Object { $_.Path -eq $Exe } |
		ForEach-Object {
			Stop-Process -Id $_.Id -Force
			$_.WaitForExit(10000) | Out-Null
		}
}

function Copy-Program {
	New-Item -ItemType Directory -Force -Path $ProgramDir | Out-Null
	$from = Join-Path $PSScriptRoot 'mt5fleet-agent.exe'
	Copy-Item -Force -Path $from -Destination $Exe
	Unblock-File -Path $Exe
}

# The folder holds the token, the key and maybe a password: it is for its user,
# Administrators (S-1-5-32-544) and SYSTEM (S-1-5-18) alone.
function Protect-Data {
	Invoke-Checked 'icacls.exe' @($DataDir, '/inheritance:r', '/grant:r',
		'*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F',
		"${User}:(OI)(CI)M", '/q')
}

function Initialize-Settings {
	if (Test-Path $Settings) {
		return
	}
	$lines = @("AGENT_NAME=$Name", 'AGENT_HOST=0.0.0.0', "AGENT_PORT=$Port",
		"AGENT_TOKEN_FILE=$DataDir\token",
		"AGENT_CERT_FILE=$DataDir\cert.pem",
		"AGENT_KEY_FILE=$DataDir\key.pem", '',
		'# A terminal to start and to watch; without this only what is',
		'# started by hand is shown.',
		'#MT5_TERMINAL_PATH=C:\MT5\terminal64.exe')
	[IO.File]::WriteAllLines($Settings, $lines)
}

# Files that the administrator makes get the folder's rights, not their own.
function Initialize-Identity {
	Invoke-Checked $Exe (@('-c', $Settings, '--init') + $Address)
	Invoke-Checked 'icacls.exe' @("$DataDir\*", '/reset', '/q')
}

function Set-Firewall {
	$rule = Get-NetFirewallRule -Name $Task -ErrorAction SilentlyContinue
	if (-not $Coordinator) {
		return
	}
	if ($rule) {
		Remove-NetFirewallRule -Name $Task
	}
	New-NetFirewallRule -Name $Task -DisplayName 'mt5fleet agent' `
		-Direction Inbound -Action Allow -Profile Any -Program $Exe `
		-Protocol TCP -LocalPort $Port -RemoteAddress $Coordinator |
		Out-Null
}

# At log-on, and each minute where it does not run: that is the restart.
function Register-Agent {
	$action = New-ScheduledTaskAction -Execute $Exe -WorkingDirectory $DataDir `
		-Argument "--log `"$Log`" -c `"$Settings`""
	$logon = New-ScheduledTaskTrigger -AtLogOn -User $User
	$again = New-ScheduledTaskTrigger -Once -At (Get-Date) `
		-RepetitionInterval (New-TimeSpan -Minutes 1) `
		-RepetitionDuration (New-TimeSpan -Days 3650)
	$who = New-ScheduledTaskPrincipal -UserId $User -LogonType Interactive `
		-RunLevel Limited
	$how = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew `
		-ExecutionTimeLimit ([TimeSpan]::Zero) -StartWhenAvailable `
		-AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
	Register-ScheduledTask -TaskName $Task -Action $action -Principal $who `
		-Trigger @($logon, $again) -Settings $how -Force | Out-Null
	Start-ScheduledTask -TaskName $Task
}

function Get-Port {
	$line = Select-String -Path $Settings -Pattern '^\s*AGENT_PORT=(\d+)' |
		Select-Object -Last 1
	if ($line) {
		return [int] $line.Matches[0].Groups[1].Value
	}
	return 8000
}

function Wait-Agent {
	$port = Get-Port
	for ($i = 0; $i -lt 40; $i++) {
		$client = New-Object Net.Sockets.TcpClient
		try {
			$client.Connect('127.0.0.1', $port)
			Write-Host "The agent answers on port $port."
			return
		} catch {
			Start-Sleep -Milliseconds 500
		} finally {
			$client.Dispose()
		}
	}
	throw "The agent does not answer on port $port; $Log says why."
}

function Remove-Agent {
	Stop-Agent
	Unregister-ScheduledTask -TaskName $Task -Confirm:$false `
		-ErrorAction SilentlyContinue
	Remove-NetFirewallRule -Name $Task -ErrorAction SilentlyContinue
	foreach ($dir in @($ProgramDir) + @($DataDir | Where-Object { $Purge })) {
		if (Test-Path $dir) {
			Remove-Item -Recurse -Force -Path $dir
		}
	}
	Write-Host 'The agent is removed.'
}

# powershell -File hands a list over as one text
$Coordinator = @($Coordinator | ForEach-Object { $_ -split ',' })
$Address = @($Address | ForEach-Object { $_ -split ',' })

Assert-Administrator
if ($Uninstall) {
	Remove-Agent
	return
}
if (-not $Coordinator -and -not (Test-Path $Settings)) {
	throw '-Coordinator: the address of the coordinator is needed.'
}
if ($Coordinator -contains 'Any') {
	throw '-Coordinator: "Any" would open the agent to the whole world.'
}
Stop-Agent
Copy-Program
New-Item -ItemType Directory -Force -Path $DataDir | Out-Null
Protect-Data
Initialize-Settings
$Port = Get-Port
Initialize-Identity
Set-Firewall
Register-Agent
Wait-Agent
