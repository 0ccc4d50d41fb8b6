import { expect, test } from 'vitest'
import { assumedRole } from '../../../src/adapters/store/assumed-role.ts'
import { signedHeaders } from '../../../src/adapters/store/signed-request.ts'

/** AWS's own example, of "Create a signed AWS API request". */
const EXAMPLE = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const MOMENT = Date.parse('2015-08-30T12:36:00Z')
const ROLE = 'arn:aws:iam::123456789012:role/weighbridge-risk'
const ANSWER = `<AssumeRoleResponse><AssumeRoleResult><Credentials>
<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>role/secret</SecretAccessKey>
<SessionToken>token==</SessionToken><Expiration>2015-08-30T13:36:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>`

test('a request is signed as AWS documents it', () => {
  const { authorization } = signedHeaders(
    {
      method: 'GET',
      url: new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'),
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: '',
    },
    EXAMPLE,
    { region: 'us-east-1', service: 'iam', now: MOMENT },
  )

  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  )
})

test('a granted role is assumed with the app’s own credentials, for an hour', async () => {
  const asked: Request[] = []
  const role = assumedRole({
    roleArn: ROLE,
    own: async () => EXAMPLE,
    region: 'eu-central-1',
    timeoutMs: 1000,
    now: () => MOMENT,
    fetch: async (input, init) => {
      asked.push(new Request(input, init))
      return new Response(ANSWER)
    },
  })

  expect(await role()).toEqual({
    accessKeyId: 'ASIAROLE',
    secretAccessKey: 'role/secret',
    sessionToken: 'token==',
    expiration: new Date('2015-08-30T13:36:00Z'),
  })
  expect(asked[0]?.url).toBe('https://sts.eu-central-1.amazonaws.com/')
  expect(await asked[0]?.text()).toContain(`RoleArn=${encodeURIComponent(ROLE)}`)
})

test('a role that is refused says which and why, and repeats nothing else of the answer', async () => {
  const role = assumedRole({
    roleArn: ROLE,
    own: async () => EXAMPLE,
    region: 'us-east-1',
    timeoutMs: 1000,
    fetch: async () =>
      new Response('<Error><Code>AccessDenied</Code><Message>AKIDEXAMPLE may not</Message></Error>', { status: 403 }),
  })

  await expect(role()).rejects.toThrow(`the role ${ROLE} could not be assumed: AccessDenied`)
  await expect(role()).rejects.not.toThrow('AKIDEXAMPLE')
})
