<#
.SYNOPSIS
Installs, upgrades or removes the mt5fleet agent (docs/agent-windows.md).

.DESCRIPTION
To be run as administrator, in a folder that holds mt5fleet-agent.exe. The
agent is a task that starts when the user of the terminals logs on, for it
starts terminals and those need a desktop. Running this again upgrades: the
settings, the token, the certificate and the user stay.

.EXAMPLE
.\install.ps1 -Coordinator 203.0.113.10 -Address 198.51.100.7

.EXAMPLE
.\install.ps1 -Uninstall
#>
[CmdletBinding(PositionalBinding = $false)]
param(
	# The coordinator's addresses, commas and no blanks between them: the
	# firewall lets nobody else in.
	[string[]] $Coordinator,
	# By which the coordinator reaches this machine: they go into the
	# certificate, and the first one into the entry for nodes.json.
	[string[]] $Address = @(),
	[string] $Name = $env:COMPUTERNAME,
	[ValidateRange(1, 65535)] [int] $Port = 8000,
	# Who runs the terminals: at first you, later whom the task is for.
	[string] $User,
	# No entry for nodes.json is printed.
	[switch] $Quiet,
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

# powershell -File hands a list over as one text.
function Split-List([string[]] $List) {
	$List | ForEach-Object { $_ -split '[,\s]+' } | Where-Object { $_ }
}

function Get-Task {
	Get-ScheduledTask -TaskName $Task -ErrorAction SilentlyContinue
}

# "Any", "Internet" or a net of /0 would open the agent to the whole world.
function Assert-Address([string[]] $List) {
	foreach ($one in $List) {
		$parts = @($one -split '/')
		if (-not ($parts[0] -as [Net.IPAddress]) -or
			$parts[-1] -match '^[0.]+$') {
			throw "-Coordinator: not an address: `"$one`""
		}
	}
}

function Invoke-Checked([string] $Program, [string[]] $Arguments) {
	& $Program @Arguments
	if ($LASTEXITCODE -ne 0) {
		throw "$Program ended with $LASTEXITCODE"
	}
}

# It keeps nothing that is not in a file already: it may be ended at any time.
# Only the agent itself, the oldest, is: during a start of a terminal there is
# its guard, too, which then removes the file with the password, and ends.
function Stop-Agent {
	if (Get-Task) {
		Disable-ScheduledTask -TaskName $Task | Out-Null
	}
	$all = @(Get-Process -Name $Task -ErrorAction SilentlyContinue |
		Where-Object { $_.Path -eq $Exe } | Sort-Object StartTime)
	if ($all) {
		Stop-Process -InputObject $all[0] -Force -ErrorAction SilentlyContinue
	}
	foreach ($process in $all) {
		if (-not $process.WaitForExit(10000)) {
			Stop-Process -InputObject $process -Force
		}
	}
}

function Copy-Program {
	New-Item -ItemType Directory -Force -Path $ProgramDir | Out-Null
	Copy-Item -Force -Path $From -Destination $Exe
	Unblock-File -Path $Exe
}

# The folder holds the token, the key and maybe a password: it is for its user,
# Administrators (S-1-5-32-544) and SYSTEM (S-1-5-18) alone.
function Protect-Data {
	New-Item -ItemType Directory -Force -Path $DataDir | Out-Null
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
		'#MT5_TERMINAL_PATH=C:\MT5\terminal64.exe',
		'# Its data folder, where it is not portable:', '#MT5_TERMINAL_DATA=',
		'# To log it in at each start:', '#MT5_LOGIN=', '#MT5_PASSWORD=',
		'#MT5_SERVER=')
	[IO.File]::WriteAllLines($Settings, $lines)
}

# Only with an address: that of the machine's name would be printed without.
# Files that the administrator makes get the folder's rights, not their own.
function Initialize-Identity {
	if (-not $Address) {
		return
	}
	$words = @('-c', $Settings, '--init')
	if ($Quiet) {
		$words += '--quiet'
	}
	Invoke-Checked $Exe ($words + $Address)
	Invoke-Checked 'icacls.exe' @("$DataDir\*", '/reset', '/q')
}

# Who may come in stays unless it is said anew; the port is the settings'.
function Set-Firewall {
	$rule = Get-NetFirewallRule -Name $Task -ErrorAction SilentlyContinue
	if ($Coordinator) {
		if ($rule) {
			Remove-NetFirewallRule -Name $Task
		}
		New-NetFirewallRule -Name $Task -DisplayName 'mt5fleet agent' `
			-Direction Inbound -Action Allow -Profile Any -Program $Exe `
			-Protocol TCP -LocalPort $Port -RemoteAddress $Coordinator |
			Out-Null
	} elseif ($rule) {
		Set-NetFirewallRule -Name $Task -Protocol TCP -LocalPort $Port
	} else {
		Write-Warning 'No firewall rule: run this again with -Coordinator.'
	}
}

# At log-on, and each minute where it does not run: that is the restart.
# Priority 5 is normal; a task's own is below, and terminals would inherit it.
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
		-ExecutionTimeLimit ([TimeSpan]::Zero) -StartWhenAvailable -Priority 5 `
		-AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
	Register-ScheduledTask -TaskName $Task -Action $action -Principal $who `
		-Trigger @($logon, $again) -Settings $how -Force | Out-Null
	Start-ScheduledTask -TaskName $Task
}

function Get-Setting([string] $Key, [string] $Default) {
	$line = Select-String -Path $Settings -Pattern "^\s*$Key\s*=\s*(\S+)" |
		Select-Object -Last 1
	if ($line) {
		return $line.Matches[0].Groups[1].Value
	}
	return $Default
}

function Wait-Agent {
	$from = Get-Setting 'AGENT_HOST' '127.0.0.1'
	if ($from -eq '0.0.0.0' -or $from -eq '::') {
		$from = '127.0.0.1'
	}
	for ($i = 0; $i -lt 40; $i++) {
		$client = New-Object Net.Sockets.TcpClient
		try {
			$client.Connect($from, $Port)
			Write-Host "The agent answers on port $Port."
			return
		} catch {
			Start-Sleep -Milliseconds 500
		} finally {
			$client.Close()
		}
	}
	throw "The agent does not answer on port $Port. It runs only while $User " +
		"is logged on; if so, $Log says why."
}

function Install-Agent {
	Copy-Program
	Protect-Data
	Initialize-Settings
	$script:Port = [int] (Get-Setting 'AGENT_PORT' '8000')
	Initialize-Identity
	$bridge = Join-Path $PSScriptRoot 'bridge'
	if (Test-Path $bridge) {
		Invoke-Checked $Exe @('-c', $Settings, '--bridge', $bridge)
	}
	Set-Firewall
	Register-Agent
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

Assert-Administrator
$Coordinator = @(Split-List $Coordinator)
$Address = @(Split-List $Address)
$From = Join-Path $PSScriptRoot 'mt5fleet-agent.exe'
$Before = Get-Task
if ($Uninstall) {
	Remove-Agent
	return
}
if (-not (Test-Path $From)) {
	throw "$From is not there: run this in the folder of the zip."
}
if (-not $Before -and -not ($Coordinator -and $Address)) {
	throw '-Coordinator and -Address are needed for the first installation.'
}
Assert-Address $Coordinator
if (-not $User) {
	$User = "$env:USERDOMAIN\$env:USERNAME"
	if ($Before) {
		$User = $Before.Principal.UserId
	}
}
Stop-Agent
try {
	Install-Agent
} catch {
	# the one that was there goes on
	if (Get-Task) {
		Enable-ScheduledTask -TaskName $Task | Out-Null
	}
	throw
}
Wait-Agent
